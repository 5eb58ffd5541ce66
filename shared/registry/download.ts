import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { permanent, transient } from "../errors.ts";
import { isPassing } from "./check-status.ts";
import type { BodyWriter } from "./http.ts";
import type { Descriptor } from "./manifest.ts";
import { backoffMs, type Pause } from "./pause.ts";
import { pour } from "./pour.ts";

/** Gives a blob's bytes from `start` to the end. Errors: AutopilotError. */
export type OpenBlob = (start: number) => Promise<Readable>;

export interface Download {
  /** Writes the blob from its first byte on; each call begins anew. */
  readonly write: BodyWriter;
  /** Why the download was given up; a write that failed without this failed at its destination. */
  failure(): unknown;
}

/** Bytes between two tellings of `progress`: some ten a second for each layer, and nothing to do for a chunk. */
const STEP = 1024 * 1024;
/** How often one blob's download may be opened again, over all its uploads. */
const REOPENINGS = 5;

/**
 * A blob's download as the body of its upload: one that breaks off is opened again where it ended, by Range, while the upload stays open.
 * No byte is kept: `open` streams are paused while the upload takes no more.
 *
 * Errors: what `open` raised last; transient `registry-unreachable` for a download that keeps breaking off; permanent
 * `blob-size-mismatch` for one that has more bytes than its manifest says, before the first of these is written; permanent
 * `digest-mismatch`, with `verify` alone, for other bytes than its digest says, before the last of them is written.
 *
 * `progress`: told of the bytes so far, about once for each MiB.
 */
export function createDownload(
  blob: Pick<Descriptor, "digest" | "size">,
  open: OpenBlob,
  pause: Pause,
  verify = false,
  progress?: (bytes: number) => void,
): Download {
  const { digest, size } = blob;
  let reopenings = 0;
  let failure: unknown;

  return {
    failure: () => failure,
    async write(to) {
      let written = 0;
      let next = STEP;
      failure = undefined;
      // One for all openings: a Range goes on where the last one ended.
      let hash = verify ? createHash("sha256") : undefined;
      const count = (chunk: Buffer): void => {
        written += chunk.length;
        if (written > size) {
          throw permanent("blob-size-mismatch", `${digest} has more bytes than the ${size} that its manifest says`);
        }
        if (progress !== undefined && written >= next) {
          next = written + STEP;
          progress(written);
        }
        hash?.update(chunk);
        if (hash === undefined || written < size) return;
        checkDigest(digest, `sha256:${hash.digest("hex")}`);
        hash = undefined;
      };
      while (written < size && !to.destroyed) {
        try {
          const broken = await pour(await open(written), to, count);
          if (written >= size || to.destroyed) break;
          const reason = broken === undefined ? "" : `: ${broken.message}`;
          throw transient(
            "registry-unreachable",
            `${digest} broke off after ${written} of ${size} bytes${reason}`,
            broken,
          );
        } catch (error) {
          if (!isPassing(error) || reopenings >= REOPENINGS) {
            failure = error;
            throw error;
          }
          reopenings += 1;
          await pause(backoffMs(reopenings));
        }
      }
      // Whoever waits for the answer has been told why.
      if (to.destroyed)
        throw transient("registry-unreachable", `the upload of ${digest} was cut after ${written} bytes`);
    },
  };
}

/** Errors: permanent `digest-mismatch`. */
export function checkDigest(expected: string, found: string): void {
  if (found !== expected) throw permanent("digest-mismatch", `the bytes of ${expected} have the digest ${found}`);
}
