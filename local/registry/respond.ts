/** Answers. */
import type { ServerResponse } from "node:http";
import type { OciError } from "./oci-error.ts";
import { NotAuthorized } from "./refusals.ts";

/** As the public host tells it; the newline is in the recorded content lengths (fluxcd/flux #3492, backend.ai #2549). */
const jsonType = "application/json; charset=utf-8";

export function respond(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | number>> = {},
  body: string | Buffer = "",
): void {
  // RFC 9110: an answer of status 204 has no length.
  const length = status === 204 ? {} : { "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { ...length, ...headers });
  // Node leaves the body of an answer to HEAD out by itself.
  response.end(body);
}

export function respondJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  respond(response, status, { "content-type": jsonType, ...headers }, `${JSON.stringify(value)}\n`);
}

/** Does nothing when an answer is already on its way: what began cannot be taken back, only cut. */
export function respondError(response: ServerResponse, error: OciError, side: "private" | "public"): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (side === "private" && error instanceof NotAuthorized) {
    respond(response, 401, { "content-type": "text/plain; charset=utf-8", ...error.headers }, `${error.message}\n`);
    return;
  }
  const { code, message, headers } = error;
  respondJson(response, error.status, { errors: [{ code, message }] }, headers);
}
