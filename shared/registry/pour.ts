import type { Readable, Writable } from "node:stream";
import { divert } from "./diverting-agent.ts";

/** Told of bytes before they are written; throws where they must not be. */
type Count = (chunk: Buffer) => void;

/** How the bytes go, and how they end. */
interface Flow {
  /** Writes what is still held. */
  flush(): void;
  /** Takes no more. */
  stop(): void;
}

/**
 * Pours `from` into `to` until either ends, minding back-pressure; not `pipe`, since bytes beyond the blob's size must not be written.
 * Resolves at the end of `from`, with its error when it breaks, and when `to` closes: what was counted is written then. Errors: of
 * `count`.
 */
export function pour(from: Readable, to: Writable, count: Count): Promise<Error | undefined> {
  return new Promise((resolve, reject) => {
    let flow: Flow | undefined;
    const settle = (end: () => void): void => {
      flow?.stop();
      from.off("end", ended).off("close", ended);
      to.off("close", ended);
      from.destroy();
      end();
    };
    const finish = (error?: Error): void => {
      flow?.flush();
      settle(() => resolve(error));
    };
    const ended = (): void => finish();
    const failed = (error: unknown): void => settle(() => reject(error));
    // It stays on after the end: a stream that is destroyed may still tell an error, and without it that would end the process.
    from.on("error", finish).on("end", ended).on("close", ended);
    to.on("close", ended);
    if (from.destroyed || to.destroyed) return ended();
    flow = diverted(from, to, count, { ended, failed }) ?? chunkByChunk(from, to, count, failed);
  });
}

function chunkByChunk(from: Readable, to: Writable, count: Count, failed: (error: unknown) => void): Flow {
  const resume = (): void => void from.resume();
  const take = (chunk: Buffer): void => {
    try {
      count(chunk);
      if (!to.write(chunk)) from.pause();
    } catch (error) {
      failed(error);
    }
  };
  to.on("drain", resume);
  from.on("data", take);
  return {
    flush: () => {},
    stop() {
      from.off("data", take);
      to.off("drain", resume);
    },
  };
}

/** Bytes of one write of a diverted body. Larger ones, or more of them on the way, gain nothing, and take memory. */
const BATCH = 64 * 1024;
const BATCHES_ON_THE_WAY = 2;

/** Fills batches where the bytes are received, and uses a batch again once it is written. Undefined where it cannot. */
function diverted(
  from: Readable,
  to: Writable,
  count: Count,
  { ended, failed }: { ended: () => void; failed: (error: unknown) => void },
): Flow | undefined {
  const spare: Buffer[] = [];
  let onTheWay = 0;
  let batch: Buffer = Buffer.alloc(0);
  let filled = 0;
  let rest = 0;

  function flush(): void {
    if (filled === 0) return;
    const written = batch;
    onTheWay += 1;
    to.write(written.subarray(0, filled), () => {
      spare.push(written);
      onTheWay -= 1;
      if (onTheWay < BATCHES_ON_THE_WAY && rest > 0) diversion?.resume();
    });
    batch = spare.pop() ?? Buffer.allocUnsafeSlow(BATCH);
    filled = 0;
  }

  const diversion = divert(from, {
    space: () => batch.subarray(filled),
    took(received) {
      // What follows the body, or comes after the end, is none of ours.
      const bytes = Math.min(received, rest);
      if (bytes === 0) return false;
      try {
        count(batch.subarray(filled, filled + bytes));
      } catch (error) {
        failed(error);
        return false;
      }
      rest -= bytes;
      filled += bytes;
      if (filled === BATCH) flush();
      if (rest === 0) ended();
      return onTheWay < BATCHES_ON_THE_WAY;
    },
  });
  if (diversion === undefined) return undefined;
  batch = Buffer.allocUnsafeSlow(BATCH);
  rest = diversion.rest;
  try {
    for (const chunk of diversion.early) {
      count(chunk);
      to.write(chunk);
    }
  } catch (error) {
    rest = 0;
    failed(error);
  }
  if (rest === 0) ended();
  const stop = (): void => {
    rest = 0;
  };
  return { flush, stop };
}
