import { isPermanent } from "../errors.ts";
import type { Observer } from "../observability/observer.ts";

/** Tells an error once: a permanent one as the decision `event-refused`, any other as a failure. `facts` say what failed. */
export function recordError(observer: Observer, error: unknown, facts: Readonly<Record<string, unknown>>): void {
  if (isPermanent(error)) observer.decided({ decision: "event-refused", ...facts, ...reasonOf(error) });
  else observer.failed(error, facts);
}

function reasonOf(error: unknown): { reason: string; code?: string } {
  if (!(error instanceof Error)) return { reason: String(error) };
  return { reason: error.message, ...("code" in error && { code: String(error.code) }) };
}
