import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { permanent, transient } from "../errors.ts";
import { isSameOrigin, redirectTarget } from "./addresses.ts";
import type { Connection } from "./connection.ts";
import { isDigest } from "./digest.ts";
import { drain, redacted } from "./http.ts";

export interface BlobStream {
  readonly stream: Readable;
  /** Bytes of the whole blob, whatever the start; undefined where the registry does not say. */
  readonly size: number | undefined;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 3;
/** From here on a download is worth a connection of its own: at 8 MiB it saves a fifth of the CPU, handshake included, at 2 MiB nothing. */
const LARGE = 8 * 1024 * 1024;

/** HEAD of a blob. One that the registry keeps elsewhere is told by a redirect, and is there all the same. */
export async function hasBlob(connection: Connection, repository: string, digest: string): Promise<boolean> {
  const url = blobUrl(connection, repository, digest);
  const response = await connection.call({ method: "HEAD", url, headers: {} }, "blob", [200, 404, ...REDIRECTS]);
  await drain(response);
  return response.statusCode !== 404;
}

/**
 * The bytes of a blob from `start` on, as a stream that its taker must read or destroy. Redirects are followed (ECR answers 307, to S3
 * or CloudFront); our credentials are never sent to another host, nor again after one. `size` is that of the whole blob, where it is
 * known: a large one is downloaded for less CPU.
 *
 * Errors: permanent `registry-blob-not-found`; transient `registry-range-ignored` when bytes before `start` would come too; permanent
 * `registry-refused` for a redirect to a place that is not secure, or where the registry's layers are not; and those of Connection.
 */
export async function openBlob(
  connection: Connection,
  repository: string,
  digest: string,
  { start = 0, size = 0 }: { start?: number; size?: number } = {},
): Promise<BlobStream> {
  const headers: Record<string, string> = start === 0 ? {} : { range: `bytes=${start}-` };
  let url = blobUrl(connection, repository, digest);
  const divertible = size - start >= LARGE;
  let anonymous = false;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const request = { method: "GET", url, headers, anonymous, divertible } as const;
    const response = await connection.call(request, "blob", [200, 206, ...REDIRECTS]);
    if (!REDIRECTS.includes(response.statusCode ?? 0)) return toStream(response, start, url);
    await drain(response);
    url = redirectTarget(response, url, connection.base, connection.mayRedirectTo);
    anonymous ||= !isSameOrigin(url, connection.base);
  }
  throw transient("registry-unavailable", `${redacted(url)} comes after more than ${MAX_REDIRECTS} redirects`);
}

function blobUrl(connection: Connection, repository: string, digest: string): URL {
  if (!isDigest(digest)) throw permanent("reference-invalid", `'${digest}' is no digest: sha256: and 64 hex digits`);
  return connection.url(repository, `blobs/${digest}`);
}

function toStream(response: IncomingMessage, start: number, url: URL): BlobStream {
  if (response.statusCode === 200 && start === 0) {
    const length = response.headers["content-length"];
    return { stream: response, size: length === undefined ? undefined : Number(length) };
  }
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers["content-range"] ?? "") ?? [];
  if (response.statusCode === 206 && Number(from) === start) {
    return { stream: response, size: total === "*" ? undefined : Number(total) };
  }
  response.destroy();
  const told = `status ${response.statusCode}, Content-Range ${response.headers["content-range"] ?? "none"}`;
  throw transient("registry-range-ignored", `${redacted(url)} was asked for its bytes from ${start} on: ${told}`);
}
