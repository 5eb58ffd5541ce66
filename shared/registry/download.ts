import type { Readable, Writable } from "node:stream";
import { permanent, transient } from "../errors.ts";
import { isPassing } from "./check-status.ts";
import type { BodyWriter } from "./http.ts";
import type { Descriptor } from "./manifest.ts";
import { backoffMs, type Pause } from "./pause.ts";

/** Gives a blob's bytes from `start` to the end. Errors: AutopilotError. */
export type OpenBlob = (start: number) => Promise<Readable>;

export interface Download {
  /** Writes the blob from its first byte on; each call begins anew. */
  readonly write: BodyWriter;
  /** Why the download was given up; a write that failed without this failed at its destination. */
  failure(): unknown;
}

/** How often one blob's download may be opened again, over all its uploads. */
const REOPENINGS = 5;

/**
 * A blob's download as the body of its upload: one that breaks off is opened again where it ended, by Range, while the upload stays open.
 * No byte is kept: `open` streams are paused while the upload takes no more.
 *
 * Errors: what `open` raised last; transient `registry-unreachable` for a download that keeps breaking off; permanent
 * `blob-size-mismatch` for one that has more bytes than its manifest says, before the first of these is written.
 */
export function createDownload(blob: Pick<Descriptor, "digest" | "size">, open: OpenBlob, pause: Pause): Download {
  const { digest, size } = blob;
  let reopenings = 0;
  let failure: unknown;

  return {
    failure: () => failure,
    async write(to) {
      let written = 0;
      failure = undefined;
      const count = (bytes: number): void => {
        written += bytes;
        if (written <= size) return;
        throw permanent("blob-size-mismatch", `${digest} has more bytes than the ${size} that its manifest says`);
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

/**
 * Pours `from` into `to` until either ends, minding back-pressure; not `pipe`, since bytes beyond the blob's size must not be written.
 * Resolves at the end of `from`, with its error when it breaks, and when `to` closes. Errors: of `count`.
 */
function pour(from: Readable, to: Writable, count: (bytes: number) => void): Promise<Error | undefined> {
  return new Promise((resolve, reject) => {
    const resume = (): void => void from.resume();
    const settle = (end: () => void): void => {
      from.off("data", take).off("end", ended).off("close", ended);
      to.off("drain", resume).off("close", ended);
      from.destroy();
      end();
    };
    const ended = (): void => settle(() => resolve(undefined));
    const broke = (error: Error): void => settle(() => resolve(error));
    const take = (chunk: Buffer): void => {
      try {
        count(chunk.length);
        if (!to.write(chunk)) from.pause();
      } catch (error) {
        settle(() => reject(error));
      }
    };
    // `broke` stays on after the end: a stream that is destroyed may still tell an error, and without it that would end the process.
    from.on("error", broke).on("end", ended).on("close", ended);
    to.on("drain", resume).on("close", ended);
    if (from.destroyed || to.destroyed) return ended();
    from.on("data", take);
  });
}
