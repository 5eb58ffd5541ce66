/** The canonical request of Signature Version 4. */
import { createHash } from "node:crypto";
import type { SignedRequest } from "./sigv4.ts";

/**
 * The request in the form that is signed. The body's own hash is used, so a body that was changed on the way fails whatever
 * x-amz-content-sha256 claims.
 */
export function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const at = request.url.indexOf("?");
  const path = at < 0 ? request.url : request.url.slice(0, at);
  const query = at < 0 ? "" : request.url.slice(at + 1);
  const headers = signedHeaders.map((name) => {
    const value = request.headers[name];
    const text = Array.isArray(value) ? value.join(",") : (value ?? "");
    return `${name}:${text.trim().replace(/\s+/g, " ")}\n`;
  });
  const bodyHash = createHash("sha256").update(request.body).digest("hex");
  return [
    request.method,
    // Encoded once more than on the wire: every service but S3 wants it so.
    path.split("/").map(encode).join("/"),
    canonicalQuery(query),
    headers.join(""),
    signedHeaders.join(";"),
    bodyHash,
  ].join("\n");
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  const pairs = query.split("&").map((pair) => {
    const at = pair.indexOf("=");
    const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    return [encode(decode(name)), encode(decode(value))] as const;
  });
  const sorted = pairs.sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)));
  return sorted.map(([name, value]) => `${name}=${value}`).join("&");
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** What is not UTF-8 becomes another character and so another signature: the request is refused, not the server upset. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"));
}
