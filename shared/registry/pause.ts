import { setTimeout } from "node:timers/promises";

/** Waits that many milliseconds; rejects when its owner's signal aborts. */
export type Pause = (ms: number) => Promise<void>;

const FIRST_MS = 250;
const LONGEST_MS = 4_000;

/** A pause by the clock. Errors: the signal's reason. */
export function createPause(signal?: AbortSignal): Pause {
  return async (ms) => {
    signal?.throwIfAborted();
    try {
      await setTimeout(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  };
}

/** Milliseconds before the next try, after `failures` of them: doubling, and half of it by chance, so that lanes do not keep step. */
export function backoffMs(failures: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return whole / 2 + (whole / 2) * Math.random();
}
