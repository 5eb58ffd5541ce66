import type { IncomingMessage } from "node:http";
import { AutopilotError, isPermanent, permanent, transient } from "../errors.ts";
import { readBody } from "./http.ts";

/** An error body longer than this tells nothing more. */
const ERROR_BODY_BYTES = 64 * 1024;

/**
 * The one place where a registry's statuses are judged, by an allow-list: `allowed` is the response's success. Everything else
 * is raised as an AutopilotError with the registry's own code and words:
 *
 * - 401, 403 `registry-denied`: transient, for the reason given in shared/ecr/errors.ts
 * - 404 `registry-not-found`
 * - 429 `registry-throttled`, 5xx `registry-unavailable`: transient
 * - BLOB_UNKNOWN and its kin on a manifest `registry-blob-unknown`: transient, since ECR's validator can lag a blob's 201
 * - any other 4xx `registry-refused`: permanent
 *
 * Codes: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes; ECR's are in its own words.
 */
export async function checkStatus(
  response: IncomingMessage,
  allowed: readonly number[],
  action: string,
): Promise<IncomingMessage> {
  const status = response.statusCode ?? 0;
  if (allowed.includes(status)) return response;
  const { code, message } = await readError(response);
  const words = `could not ${action}: status ${status}${code === undefined ? "" : ` ${code}`}${message === "" ? "" : `: ${message}`}`;
  if (status === 401 || status === 403) throw transient("registry-denied", words);
  if (code !== undefined && /BLOB_UNKNOWN/.test(code)) throw transient("registry-blob-unknown", words);
  if (status === 404) throw permanent("registry-not-found", words);
  if (status === 429) throw transient("registry-throttled", words);
  if (status >= 500 || status < 400) throw transient("registry-unavailable", words);
  throw permanent("registry-refused", words);
}

/** Whether the same request may go better a moment later. An abort is not worth it, and a denial is no matter of moments. */
export function isWorthRetrying(error: unknown): boolean {
  return error instanceof AutopilotError && !isPermanent(error) && error.code !== "registry-denied";
}

async function readError(response: IncomingMessage): Promise<{ code: string | undefined; message: string }> {
  const text = (await readBody(response, ERROR_BODY_BYTES)).toString("utf8");
  try {
    const { errors } = JSON.parse(text) as { errors?: { code?: string; message?: string }[] };
    return { code: errors?.[0]?.code, message: errors?.[0]?.message ?? "" };
  } catch {
    // A proxy's page, or nothing at all (HEAD): its beginning says enough.
    return { code: undefined, message: text.slice(0, 200) };
  }
}
