import type { Decision, Observer } from "#shared/observability/observer.ts";
import type { Progress } from "../output/progress.ts";

/** Whoever gave the command, and sees the work while it goes on. */
export interface Watcher {
  readonly progress: Progress;
  decided(decision: Decision): void;
}

/** An observer that keeps what was decided for the answer, and shows it at once. */
export function keepingObserver({ decided }: Watcher): { readonly observer: Observer; readonly decisions: Decision[] } {
  const decisions: Decision[] = [];
  const observer: Observer = {
    decided(decision) {
      decisions.push(decision);
      decided(decision);
    },
    // Its error goes on, and is told where it ends.
    failed() {},
  };
  return { observer, decisions };
}
