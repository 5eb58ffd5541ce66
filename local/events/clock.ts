/** Time as the queues and the bus see it, so that tests and demonstrations can drive it. */
export interface Clock {
  now(): Date;
  /** Runs `task` once, `ms` from now; gives what calls it off. */
  after(ms: number, task: () => void): () => void;
}

export interface ManualClock extends Clock {
  /** Moves the time on, and runs what falls due in the order of its time. */
  advance(ms: number): void;
}

/** setTimeout fires at once when the delay does not fit into 31 bits (Node.js documentation, "Timers"). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The real time. Its timers keep no process alive. */
export function createSystemClock(): Clock {
  return {
    now: () => new Date(),
    after(ms, task) {
      let timer: NodeJS.Timeout;
      const arm = (left: number): void => {
        const step = Math.min(Math.max(left, 0), LONGEST_TIMER_MS);
        timer = setTimeout(() => (left > step ? arm(left - step) : task()), step).unref();
      };
      arm(ms);
      return () => clearTimeout(timer);
    },
  };
}

/** A time that stands still until it is moved on. */
export function createManualClock(start = new Date("2026-03-02T08:00:00Z")): ManualClock {
  let now = start.getTime();
  let order = 0;
  const waiting = new Map<number, { at: number; task: () => void }>();

  const nextBefore = (end: number): [number, { at: number; task: () => void }] | undefined =>
    [...waiting].filter(([, { at }]) => at <= end).sort(([a, left], [b, right]) => left.at - right.at || a - b)[0];

  return {
    now: () => new Date(now),
    after(ms, task) {
      order += 1;
      const id = order;
      waiting.set(id, { at: now + Math.max(ms, 0), task });
      return () => waiting.delete(id);
    },
    advance(ms) {
      const end = now + ms;
      for (let due = nextBefore(end); due !== undefined; due = nextBefore(end)) {
        const [id, { at, task }] = due;
        waiting.delete(id);
        now = at;
        task();
      }
      now = end;
    },
  };
}
