import { ApiError, PROBLEMS } from "#shared/api/problem.ts";
import { AutopilotError } from "#shared/errors.ts";
import { RestError } from "../backends/rest-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { UsageError } from "../usage-error.ts";

/** An error as it is told: in a line to a person, whole to a machine. */
export interface ToldProblem {
  readonly code: string;
  readonly detail: string;
  readonly rule?: string;
  readonly requestId?: string;
  readonly exitCode: ExitCode;
}

/** What any error means to whoever gave the command. */
export function problemOf(error: unknown): ToldProblem {
  if (error instanceof UsageError) return { code: "usage", detail: error.message, exitCode: EXIT.usage };
  if (error instanceof RestError) {
    const { code, message: detail, rule, requestId, status } = error;
    return { code, detail, ...(rule && { rule }), ...(requestId && { requestId }), exitCode: exitCodeOfStatus(status) };
  }
  if (error instanceof ApiError) {
    const { code, message: detail, rule } = error;
    return { code, detail, ...(rule && { rule }), exitCode: exitCodeOfStatus(PROBLEMS[code].status) };
  }
  const detail = error instanceof Error ? error.message || error.name : String(error);
  const code = error instanceof AutopilotError ? error.code : "failed";
  return { code, detail: `${detail}${adviceOn(error)}`, exitCode: exitCodeOf(error, code) };
}

function exitCodeOfStatus(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.denied;
  if (status === 409 || status === 412 || status === 422) return EXIT.refused;
  if (status === 408 || status === 429 || status >= 502) return EXIT.unreachable;
  return EXIT.failed;
}

const REFUSED: ReadonlySet<string> = new Set(["policy-invalid"]);
const DENIED: ReadonlySet<string> = new Set(["ecr-denied", "registry-denied"]);
const UNREACHABLE: ReadonlySet<string> = new Set([
  "ecr-throttled",
  "ecr-unavailable",
  "registry-throttled",
  "registry-unavailable",
  "registry-unreachable",
]);

function exitCodeOf(error: unknown, code: string): ExitCode {
  if (REFUSED.has(code)) return EXIT.refused;
  if (DENIED.has(code)) return EXIT.denied;
  if (UNREACHABLE.has(code)) return EXIT.unreachable;
  const chain = causesOf(error);
  if (chain.some(({ name }) => CREDENTIALS.test(name) || DENIALS.test(name))) return EXIT.denied;
  if (chain.some(({ code }) => NETWORK.test(code) || THROTTLES.test(code))) return EXIT.unreachable;
  if (chain.some(({ name }) => name === "TimeoutError" || THROTTLES.test(name))) return EXIT.unreachable;
  return EXIT.failed;
}

/** Names that the SDK gives to errors: of its credential chain, of services that deny, and of those that throttle. */
const CREDENTIALS = /^(CredentialsProviderError|TokenProviderError|ProviderError)$/;
const DENIALS =
  /AccessDenied|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|ExpiredToken/;
const THROTTLES = /Throttl|TooManyRequests|RequestLimitExceeded/;
const NETWORK =
  /^(ECONN(REFUSED|RESET|ABORTED)|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$|^(CERT_|ERR_TLS)/;

/** An error, what it was caused by, and what is in an error of several. Bounded, since a chain may lead back to itself. */
function causesOf(error: unknown): { readonly name: string; readonly code: string }[] {
  const found: unknown[] = [error];
  for (let index = 0; index < found.length && found.length < 20; index += 1) {
    const one = found[index];
    if (!(one instanceof Error)) continue;
    if (one.cause !== undefined) found.push(one.cause);
    if (one instanceof AggregateError) found.push(...one.errors);
  }
  return found.map((one) => ({
    name: one instanceof Error ? one.name : "",
    code: one instanceof Error && "code" in one && typeof one.code === "string" ? one.code : "",
  }));
}

function adviceOn(error: unknown): string {
  const isCredentials = causesOf(error).some(({ name }) => CREDENTIALS.test(name));
  return isCredentials
    ? "; give --profile NAME, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    : "";
}

/** One line for a person; that of a wrong policy has its errors one below the other. */
export function problemInWords({ code, detail, rule, requestId }: ToldProblem): string {
  const facts = [
    code === "failed" || code === "usage" || code === "policy-invalid" ? undefined : code,
    rule && `rule ${rule}`,
    requestId && `request ${requestId}`,
  ].filter(Boolean);
  const text = code === "policy-invalid" ? detail : detail.replace(/\s*\n\s*/g, " ");
  return `error: ${text}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
}
