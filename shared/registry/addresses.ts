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
 * Where a list goes on (`Link: <...>; rel="next"`); undefined at its end. Always at the same origin, since our credentials go with it.
 * Errors: permanent `registry-refused` for another origin, transient `registry-unavailable` for a Link that cannot be read.
 */
export function nextPage(response: IncomingMessage, at: URL, base: URL): URL | undefined {
  const link = String(response.headers.link ?? "");
  if (!/rel="?next/i.test(link)) return undefined;
  const [, target = ""] = /<([^>]*)>[^,<]*rel="?next/i.exec(link) ?? [];
  if (target === "" || !URL.canParse(target, at.href)) {
    throw transient("registry-unavailable", `${redacted(at)} goes on at a Link that cannot be read`);
  }
  const next = new URL(target, at);
  if (isSameOrigin(next, base)) return next;
  throw permanent(
    "registry-refused",
    `${redacted(at)} goes on, with our credentials, at another host: ${redacted(next)}`,
  );
}

/**
 * Where ECR keeps layers: a private one in the Region's own bucket of S3
 * (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html, minimum bucket permissions), by any name that S3 has in
 * that Region; a public one behind CloudFront (seen: d5l0dvt14r5h8, d2glxqk2uabbnd). A port has no place there.
 */
export function isLayerHostOfEcr(host: string): boolean {
  return /^prod-[a-z0-9-]+-starport-layer-bucket\.s3[a-z0-9.-]*\.amazonaws\.com(\.cn)?$|^[a-z0-9]+\.cloudfront\.net$/.test(
    host,
  );
}

/**
 * Where a download goes on: at the registry's own host, at one that `isAllowed` (with its port, where it has one), or, for a registry on
 * the loopback, at another server there. By HTTPS, but for the loopback and the registry itself.
 * Errors: permanent `registry-refused` for anything else, transient `registry-unavailable` without a Location.
 */
export function redirectTarget(
  response: IncomingMessage,
  at: URL,
  base: URL,
  isAllowed: (host: string) => boolean,
): URL {
  const next = locationOf(response, at);
  if (isSameOrigin(next, base)) return next;
  const isLocal = isLoopback(next.host) && isLoopback(base.host);
  const isSecure = next.protocol === "https:" || (next.protocol === "http:" && isLocal);
  if (isSecure && (isLocal || next.hostname === base.hostname || isAllowed(next.host))) return next;
  const why = isSecure ? `and the registry has no business at ${next.host}` : "which is not secure";
  throw permanent("registry-refused", `${redacted(at)} redirects to ${redacted(next)}, ${why}`);
}

function locationOf(response: IncomingMessage, at: URL): URL {
  const { location } = response.headers;
  if (location === undefined || !URL.canParse(location, at.href)) {
    throw transient("registry-unavailable", `${redacted(at)} answered without a Location that can be read`);
  }
  return new URL(location, at);
}
