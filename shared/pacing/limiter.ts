import { setTimeout } from "node:timers/promises";

/** Lets callers through at a bounded rate, in the order in which they came. */
export interface Limiter {
  /** Resolves when the caller may begin. */
  take(): Promise<void>;
  /** The service has answered that it is too much: half the rate from now on, which then grows again by and by. */
  throttled(): void;
}

export interface LimiterOptions {
  /** Calls a second, while nobody complains. */
  readonly perSecond: number;
  /** Milliseconds on a clock that never goes back; the process's own unless given. */
  readonly now?: () => number;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** However much a service complains, one call in so many milliseconds is still made: the queue's patience ends, too. */
const SLOWEST_MS = 2_000;
/** Complaints of calls that were under way together are one complaint. */
const COMPLAINT_MS = 500;
/** What the rate grows by in a second without complaint. */
const GROWTH = 1.25;

/**
 * A limiter for one API action, in one container. The rate is even, without bursts, since how large a burst AWS takes is not published
 * (https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html), and adapts to what is left of the account's rate.
 */
export function createLimiter({
  perSecond,
  now = () => performance.now(),
  pause = setTimeout,
}: LimiterOptions): Limiter {
  const fastestMs = 1_000 / perSecond;
  let intervalMs = fastestMs;
  let next = Number.NEGATIVE_INFINITY;
  let changed = Number.NEGATIVE_INFINITY;

  return {
    async take() {
      const at = now();
      if (intervalMs > fastestMs && at - changed >= 1_000) {
        intervalMs = Math.max(fastestMs, intervalMs / GROWTH);
        changed = at;
      }
      const turn = Math.max(at, next);
      next = turn + intervalMs;
      if (turn > at) await pause(turn - at);
    },
    throttled() {
      const at = now();
      if (at - changed < COMPLAINT_MS && intervalMs > fastestMs) return;
      intervalMs = Math.min(SLOWEST_MS, intervalMs * 2);
      changed = at;
    },
  };
}
