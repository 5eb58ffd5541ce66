/** Answers to a browser. */
import type { ServerResponse } from "node:http";
import type { Html } from "./html.ts";

/**
 * Nothing inline, nothing from elsewhere, no frame around or inside, and no script may write HTML (Trusted Types).
 * https://www.w3.org/TR/CSP3/
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** On every answer. The names of private repositories are in our addresses, so no other site gets to see them. */
export const safeHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Ends the response; to HEAD, Node leaves the body out by itself. */
export function respond(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { ...safeHeaders, "cache-control": "no-cache", "content-length": length, ...headers });
  response.end(body);
}

/** A page; the timeline's address has two forms, so the header that chooses is named. */
export function respondHtml(response: ServerResponse, status: number, { markup }: Html): void {
  respond(response, status, { "content-type": "text/html; charset=utf-8", vary: "accept" }, markup);
}
