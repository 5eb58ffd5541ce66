import type { IncomingMessage } from "node:http";
import { permanent, transient } from "../errors.ts";
import { isLoopback } from "./endpoint.ts";
import { redacted } from "./http.ts";

/** Whether our credentials may go there: same scheme, host and port as the registry. */
export function isSameOrigin(url: URL, base: URL): boolean {
  return url.protocol === base.protocol && url.host === base.host;
}

/**
 * Where an upload goes on; `Location` may be relative. Always at the same origin, since our credentials go with it, and its query as it
 * came: it may be signed. Errors: permanent `registry-refused` for another origin, transient `registry-unavailable` without a Location.
 */
export function uploadLocation(response: IncomingMessage, at: URL, base: URL): URL {
  const next = locationOf(response, at);
  if (isSameOrigin(next, base)) return next;
  throw permanent(
    "registry-refused",
    `${redacted(at)} sends an upload, and our credentials, to another host: ${redacted(next)}`,
  );
}

/**
 * Where a download goes on: S3 or CloudFront by HTTPS, the registry itself, or, for a registry on the loopback, another server there.
 * Errors: permanent `registry-refused` for anything less secure, transient `registry-unavailable` without a Location.
 */
export function redirectTarget(response: IncomingMessage, at: URL, base: URL): URL {
  const next = locationOf(response, at);
  const isLocal = next.protocol === "http:" && isLoopback(next.host) && isLoopback(base.host);
  if (next.protocol === "https:" || isLocal || isSameOrigin(next, base)) return next;
  throw permanent("registry-refused", `${redacted(at)} redirects to ${redacted(next)}, which is not secure`);
}

function locationOf(response: IncomingMessage, at: URL): URL {
  const { location } = response.headers;
  if (location === undefined || !URL.canParse(location, at.href)) {
    throw transient("registry-unavailable", `${redacted(at)} answered without a Location that can be read`);
  }
  return new URL(location, at);
}
