/** The bytes of one upload in a file of its own, until they are a blob. */
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { finished } from "node:stream/promises";
import type { UploadBytes } from "./backend.ts";
import { renameDurably } from "./durable-file.ts";

/** Bytes that may wait for the disk before the sender has to; the stream writes what waits in one call. */
const inFlight = 1024 * 1024;

/** `path` must not exist; `blobPath` tells where a blob goes. */
export function openDiskUpload(path: string, blobPath: (digest: string) => string): UploadBytes {
  const file = createWriteStream(path, { flags: "wx", highWaterMark: inFlight, flush: true });
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  file.on("error", (error) => {
    failure = error;
    wake?.();
  });
  file.on("drain", () => wake?.());

  return {
    async write(chunk) {
      if (failure !== undefined) throw failure;
      if (file.write(chunk)) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (failure !== undefined) resolve();
      });
      if (failure !== undefined) throw failure;
    },

    async seal() {
      // `flush` makes the close wait for fsync.
      file.end();
      await finished(file);
    },

    become: (digest) => renameDurably(path, blobPath(digest)),

    async discard() {
      if (!file.closed) {
        const closed = new Promise<void>((resolve) => file.once("close", () => resolve()));
        file.destroy();
        await closed;
      }
      await rm(path, { force: true });
    },
  };
}
