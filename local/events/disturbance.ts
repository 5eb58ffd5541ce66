/** The ways in which a best-effort bus may treat events: late, never, twice, out of order. */
import type { Clock } from "./clock.ts";
import type { EventEnvelope } from "./event.ts";

type Predicate = (event: EventEnvelope) => boolean;

/** For tests and demonstrations; without any of them events are delivered at once, once and in order. */
export interface Switches {
  /** Milliseconds to wait before the event is delivered. */
  readonly delayMs?: number | ((event: EventEnvelope) => number);
  readonly drop?: Predicate;
  /** Delivered twice, with the same id. */
  readonly duplicate?: Predicate;
  /** Held back until the next event was delivered, or for `reorderWithinMs` when none comes. */
  readonly reorder?: Predicate;
  /** Default 1000. */
  readonly reorderWithinMs?: number;
}

export interface Disturbance {
  /** Runs `deliver` as the switches say; `dropped` when it is not run at all. Settles with the last run. */
  pass(event: EventEnvelope, deliver: () => Promise<void>, dropped: (text: string) => void): Promise<void>;
  set(switches: Switches): void;
  /** What is held back or delayed is not delivered any more. */
  close(): void;
}

export function createDisturbance(clock: Clock, initial: Switches = {}): Disturbance {
  let switches = initial;
  const waiting = new Set<{ readonly end: (run: boolean) => void }>();
  const held = new Set<() => void>();

  /** True after `ms` or as soon as `released`, false when closed before. */
  function wait(ms: number, released?: Set<() => void>): Promise<boolean> {
    return new Promise((resolve) => {
      const release = (): void => end(true);
      const entry = { end };
      function end(run: boolean): void {
        stop();
        waiting.delete(entry);
        released?.delete(release);
        resolve(run);
      }
      const stop = clock.after(ms, release);
      waiting.add(entry);
      released?.add(release);
    });
  }

  return {
    set(next) {
      switches = next;
    },
    close() {
      for (const { end } of waiting) end(false);
    },
    async pass(event, deliver, dropped) {
      const { delayMs = 0, drop, duplicate, reorder, reorderWithinMs = 1000 } = switches;
      if (drop?.(event)) return dropped("dropped by a switch");
      const ms = typeof delayMs === "number" ? delayMs : delayMs(event);
      if (ms > 0 && !(await wait(ms))) return dropped("the bus was closed before its delay was over");
      if (reorder?.(event)) {
        if (!(await wait(reorderWithinMs, held))) return dropped("the bus was closed while it was held back");
        return deliver();
      }
      await deliver();
      if (duplicate?.(event)) await deliver();
      for (const release of held) release();
    },
  };
}
