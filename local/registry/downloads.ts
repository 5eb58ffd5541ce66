/** The addresses that a blob's redirect leads to: signed, so without credentials, and with ranges, as S3 and CloudFront. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { AccountContext } from "../aws/call.ts";
import type { Side } from "../store/store.ts";
import { readRange } from "./content-range.ts";
import { OciError } from "./oci-error.ts";
import { respond } from "./respond.ts";

export const downloadPrefix = "/local-blobs/";

/** A client that sends its Authorization along, as Go's does on the same host, is served: S3 would refuse it. Errors: 403, 404, 405, 416. */
export async function serveDownload(
  { account, side }: { account: AccountContext; side: Side },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    throw new OciError(405, "UNSUPPORTED", "The operation is unsupported.");
  }
  const blob = account.downloadUrls.verify(request.url ?? "");
  if (blob === undefined || blob.side !== side) {
    throw new OciError(403, "DENIED", "The address was not signed by this account, or its time is over.");
  }
  const registry = account.store[side];
  const size = registry.repository(blob.repository) && registry.blob(blob.repository, blob.digest)?.size;
  if (size === undefined) throw new OciError(404, "BLOB_UNKNOWN", `The layer with digest ${blob.digest} is gone.`);

  const range = readRange(request.headers.range, size);
  if (range === "unsatisfiable") {
    respond(response, 416, { "content-range": `bytes */${size}` });
    return;
  }
  const { start, end } = range === "whole" ? { start: 0, end: size - 1 } : range;
  response.writeHead(range === "whole" ? 200 : 206, {
    "content-type": "application/octet-stream",
    "content-length": end - start + 1,
    "accept-ranges": "bytes",
    ...(range === "whole" ? {} : { "content-range": `bytes ${start}-${end}/${size}` }),
  });
  if (request.method === "HEAD" || size === 0) {
    response.end();
    return;
  }
  const whole = range === "whole" ? undefined : range;
  await pipeline(registry.readBlob(blob.repository, blob.digest, whole), response);
}
