import type { Decision } from "#shared/observability/observer.ts";
import type { LambdaObserver } from "#shared/observability/powertools-observer.ts";

/** An observer that keeps what it was told. */
export function recordingObserver() {
  const decisions: Decision[] = [];
  const failures: { error: unknown; facts: Record<string, unknown> }[] = [];
  const observer: LambdaObserver = {
    begin: () => {},
    end: async () => {},
    decided: (decision) => decisions.push(decision),
    failed: (error, facts) => failures.push({ error, facts }),
  };
  return { observer, decisions, failures };
}
