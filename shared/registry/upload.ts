import { AutopilotError } from "../errors.ts";
import { uploadLocation } from "./addresses.ts";
import { hasBlob } from "./blobs.ts";
import { isPassing } from "./check-status.ts";
import type { Connection } from "./connection.ts";
import { sha256 } from "./digest.ts";
import { checkDigest, createDownload, type Download, type OpenBlob } from "./download.ts";
import { drain } from "./http.ts";
import type { Descriptor } from "./manifest.ts";
import { naming } from "./naming.ts";
import { backoffMs, type Pause } from "./pause.ts";

type Blob = Pick<Descriptor, "digest" | "size">;

export interface UploadOptions {
  /** Hashes the bytes on the way, so that a wrong blob never becomes whole; without it the registry alone does, on the PUT. */
  readonly verify?: boolean;
  /** Told of the bytes on their way so far, about once for each MiB; an upload that begins anew begins at 0 again. */
  readonly progress?: ((bytes: number) => void) | undefined;
}

/** Uploads of one blob, each in a session of its own. */
const UPLOADS = 4;

/**
 * Uploads a blob: one POST, one streamed PATCH, one PUT, on which the registry verifies the digest. This is the only layer that sends
 * bytes again, and the ladder is:
 *
 * 1. a download that breaks off is opened again by Range under the open PATCH;
 * 2. an upload that breaks is looked for (its PUT may have been done, and only the answer lost), and else begun anew in a fresh
 *    session: a broken PATCH cannot be continued on ECR nor on docker-registry, whose Range headers are not to be trusted
 *    (containers-roadmap #2831).
 *
 * `open` is called with 0 at the beginning of every session. Errors: AutopilotError of the last try; permanent `digest-mismatch` with
 * `verify`; the signal's reason.
 */
export async function uploadBlob(
  connection: Connection,
  repository: string,
  blob: Blob,
  open: OpenBlob,
  pause: Pause,
  { verify = false, progress }: UploadOptions = {},
): Promise<void> {
  // Nothing is opened for no bytes.
  if (verify && blob.size === 0) checkDigest(blob.digest, sha256(Buffer.alloc(0)));
  const download = createDownload(blob, open, pause, verify, progress);
  for (let tried = 1; ; tried++) {
    try {
      if (tried > 1 && (await hasBlob(connection, repository, blob.digest))) return;
      return await uploadOnce(connection, repository, blob, download);
    } catch (error) {
      const givenUp = download.failure();
      const mayGoBetter = givenUp === undefined ? isPassing(error) : isToBeginAnew(givenUp);
      if (tried >= UPLOADS || !mayGoBetter) throw givenUp ?? naming(blob.digest, error);
    }
    await pause(backoffMs(tried));
  }
}

async function uploadOnce(
  connection: Connection,
  repository: string,
  { digest, size }: Blob,
  { write }: Download,
): Promise<void> {
  const start = connection.url(repository, "blobs/uploads/");
  const nothing = { "content-length": "0" };
  const begun = await connection.call({ method: "POST", url: start, headers: nothing }, "upload", [202]);
  await drain(begun);
  let url = uploadLocation(begun, start, connection.base);

  const headers = { "content-type": "application/octet-stream", "content-length": String(size) };
  const body = size === 0 ? Buffer.alloc(0) : write;
  // ECR answers 201 where the specification says 202 (containers-roadmap #2831).
  const sent = await connection.call({ method: "PATCH", url, headers, body }, "upload", [201, 202]);
  await drain(sent);
  if (sent.headers.location !== undefined) url = uploadLocation(sent, url, connection.base);

  // Appended as text: the rest of the query may be signed, and must stay as it is.
  url.search += `${url.search === "" ? "?" : "&"}digest=${encodeURIComponent(digest)}`;
  const done = await connection.call({ method: "PUT", url, headers: nothing }, "upload", [201, 202]);
  await drain(done);
}

/** A download that was given up cannot be continued; where only its Range was ignored, it can be begun anew. */
function isToBeginAnew(failure: unknown): boolean {
  return failure instanceof AutopilotError && failure.code === "registry-range-ignored";
}
