/** What happened in the account, in order: who called what, which events went out, what the functions decided. */
export interface TimelineEntry {
  readonly sequence: number;
  readonly time: Date;
  /** call: a mutating API call; event: an event on the bus; decision, failure: what a function said of its work. */
  readonly kind: "call" | "event" | "decision" | "failure";
  /** ARN of the caller, name of the function, or source of the event. */
  readonly who: string;
  /** `ecr:PutImageTagMutability`, `ECR Image Action`, `drift-put-back`. */
  readonly what: string;
  readonly repository: string | undefined;
  /** In words: an error, a reason. */
  readonly text: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Timeline {
  add(entry: Omit<TimelineEntry, "sequence" | "time">): void;
  /** Entries after `sequence`, oldest first. */
  after(sequence: number): TimelineEntry[];
  /** Sequence of the newest entry; 0 when there is none. */
  readonly last: () => number;
  /** The first entry after `sequence` that `matches`, as soon as there is one. Errors: when none comes within `timeoutMs`. */
  until(
    what: string,
    options: { after: number; timeoutMs: number },
    matches: (entry: TimelineEntry) => boolean,
  ): Promise<TimelineEntry>;
  onEntry(listener: (entry: TimelineEntry) => void): () => void;
}

/** Entries kept; older ones are let go. */
const KEPT = 10_000;

export function createTimeline(clock: () => Date): Timeline {
  let entries: TimelineEntry[] = [];
  let sequence = 0;
  const listeners = new Set<(entry: TimelineEntry) => void>();

  const after = (from: number): TimelineEntry[] => entries.filter((entry) => entry.sequence > from);
  const onEntry = (listener: (entry: TimelineEntry) => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    add(entry) {
      sequence += 1;
      const added = { ...entry, sequence, time: clock() };
      entries.push(added);
      if (entries.length > 2 * KEPT) entries = entries.slice(-KEPT);
      for (const listener of listeners) listener(added);
    },
    after,
    last: () => sequence,
    onEntry,
    until(what, options, matches) {
      const found = after(options.after).find(matches);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          stop();
          reject(new Error(`within ${options.timeoutMs / 1000} s nobody saw: ${what}`));
        }, options.timeoutMs);
        const stop = onEntry((entry) => {
          if (!matches(entry)) return;
          clearTimeout(timer);
          stop();
          resolve(entry);
        });
      });
    },
  };
}
