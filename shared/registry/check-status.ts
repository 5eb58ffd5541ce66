import type { IncomingMessage } from "node:http";
import { AutopilotError, permanent, transient } from "../errors.ts";
import { readBeginning } from "./http.ts";

/** An error body longer than this tells nothing more. */
const ERROR_BODY_BYTES = 64 * 1024;
const LONGEST_MESSAGE = 500;

/** What a request is about. */
export type Subject = "manifest" | "blob" | "upload";

export interface Refusal {
  readonly error: AutopilotError;
  /** The token was refused, and not its holder: a fresh one may be taken. */
  readonly isTokenRefused: boolean;
}

/**
 * The one place where a registry's statuses are judged, by an allow-list; undefined is success, and leaves the body to the caller. `action`
 * begins the error's sentence: `GET https://host/path`.
 * Everything else becomes an AutopilotError with the registry's own code and words:
 *
 * - 401, 403, and 400 with DENIED, `registry-denied`: transient, for the reason given in shared/ecr/errors.ts. ECR tells an expired
 *   token as 403 "Your authorization token has expired." (flipt-io/flipt #3043), ECR Public as 400 "Your Authorization Token is invalid."
 *   (containers-roadmap #2835)
 * - NAME_UNKNOWN `registry-repository-not-found`: transient, since a new repository may not be seen at once (aws-cli #2675)
 * - what a manifest names and the registry does not see, on its PUT, `registry-blob-unknown`: transient, since ECR's validator can lag
 *   a blob's 201
 * - bytes of another digest, on the PUT of an upload, `registry-digest-refused`: transient, they can be sent again. ECR says
 *   BLOB_UPLOAD_INVALID and "None of the provided layer digests match" (dotnet/sdk-container-builds #424), others DIGEST_INVALID
 * - any other 404 `registry-<subject>-not-found`: permanent for a blob, which the source does not hold; transient for an upload, which a
 *   fresh one replaces, and for a manifest, which only a write meets
 * - 429 `registry-throttled`; 408, 5xx and statuses below 400 that nobody expects `registry-unavailable`: transient
 * - any other 4xx `registry-refused`: permanent
 *
 * Codes: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes; ECR's are in its own words.
 */
export async function checkStatus(
  response: IncomingMessage,
  allowed: readonly number[],
  subject: Subject,
  action: string,
): Promise<Refusal | undefined> {
  const status = response.statusCode ?? 0;
  if (allowed.includes(status)) return undefined;
  const { code, message } = explain(await readBeginning(response, ERROR_BODY_BYTES));
  const words = [`${action}: status ${status}`, code].filter(Boolean).join(" ");
  const error = toError(status, code, message, subject, message === "" ? words : `${words}: ${message}`);
  const isTokenRefused = status === 401 || (error.code === "registry-denied" && /token/i.test(message));
  return { error, isTokenRefused };
}

/** Codes after which the same bytes may go better a moment later. A denial is no matter of moments, nor is an aborted signal. */
const PASSING: ReadonlySet<string> = new Set([
  "registry-throttled",
  "registry-unavailable",
  "registry-unreachable",
  "registry-upload-not-found",
  "registry-digest-refused",
]);

/** Whether it is worth sending the same bytes once more, soon. */
export function isPassing(error: unknown): boolean {
  return error instanceof AutopilotError && PASSING.has(error.code);
}

function toError(status: number, code: string, message: string, subject: Subject, words: string): AutopilotError {
  const isDenied = status === 401 || status === 403 || (status === 400 && /^(DENIED|UNAUTHORIZED)$/.test(code));
  if (isDenied) return transient("registry-denied", words);
  if (status === 429) return transient("registry-throttled", words);
  if (status >= 500 || status < 400 || status === 408) return transient("registry-unavailable", words);
  if (code === "NAME_UNKNOWN") return transient("registry-repository-not-found", words);
  if (subject === "manifest" && isSomethingMissing(code, message)) return transient("registry-blob-unknown", words);
  if (subject === "upload" && isDigestRefused(code, message)) return transient("registry-digest-refused", words);
  if (status === 404) return (subject === "blob" ? permanent : transient)(`registry-${subject}-not-found`, words);
  return permanent("registry-refused", words);
}

function isDigestRefused(code: string, message: string): boolean {
  return code === "DIGEST_INVALID" || /layer digests match/.test(message);
}

/** ECR's words for missing children are recorded, its code and words for missing layers are not. */
function isSomethingMissing(code: string, message: string): boolean {
  return /BLOB_UNKNOWN|LayersNotFound/.test(code) || /required for pushing image .* do not exist/.test(message);
}

/** Code and message of an OCI error body; of what is none, a page or an S3 error, only what can carry no secret. */
function explain(text: string): { code: string; message: string } {
  if (/^\s*</.test(text)) {
    const [, told = ""] = /<(?:Code|title)>([^<]*)</i.exec(text) ?? [];
    return { code: "", message: oneLine(told) };
  }
  try {
    const { errors } = JSON.parse(text) as { errors?: { code?: unknown; message?: unknown }[] };
    const { code, message } = errors?.[0] ?? {};
    return { code: typeof code === "string" ? code : "", message: typeof message === "string" ? oneLine(message) : "" };
  } catch {
    // Plain text, or nothing at all (HEAD).
    return { code: "", message: oneLine(text) };
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, LONGEST_MESSAGE);
}
