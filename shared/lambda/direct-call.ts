import { permanent } from "../errors.ts";
import type { Observer } from "../observability/observer.ts";
import type { Invocation } from "./queue-handler.ts";
import { recordError } from "./record-error.ts";

/** What a function does when it is called by hand, past its queue: `aws lambda invoke` with a request of the function's own. */
export interface DirectCalls<Request> {
  /** The request in the payload. Errors: permanent for a malformed one. */
  readonly parse: (event: unknown) => Request;
  /** What the caller gets, as JSON. Errors go to the caller, whether permanent or not. */
  readonly handle: (request: Request, invocation: Invocation) => Promise<unknown>;
}

/**
 * Answers one direct call. Nobody delivers it again, so the caller must see how it ended: every error is recorded, and thrown on, which
 * Lambda tells as `errorType` and `errorMessage`.
 */
export async function answerDirectCall<Request>(
  observer: Observer,
  direct: DirectCalls<Request> | undefined,
  event: unknown,
  invocation: Invocation,
): Promise<unknown> {
  try {
    if (direct === undefined) {
      throw permanent(
        "event-malformed",
        "not an SQS batch: it has no list 'Records', and this function takes nothing else",
      );
    }
    const { request, withinMs } = withoutPatience(event);
    return await direct.handle(direct.parse(request), atMost(withinMs, invocation));
  } catch (error) {
    recordError(observer, error, {});
    throw error;
  }
}

/**
 * `withinMs` beside a request: milliseconds that the caller waits, who has a deadline before ours. What can do a part of its work does
 * what fits, and says where the rest begins.
 */
function withoutPatience(event: unknown): { readonly request: unknown; readonly withinMs: number } {
  if (typeof event !== "object" || event === null || !("withinMs" in event)) {
    return { request: event, withinMs: Number.POSITIVE_INFINITY };
  }
  const { withinMs, ...request } = event;
  if (typeof withinMs === "number" && withinMs >= 0) return { request, withinMs };
  throw permanent("event-malformed", "not a direct call: withinMs must be a number of milliseconds");
}

function atMost(withinMs: number, { signal, remainingMs }: Invocation): Invocation {
  const began = performance.now();
  return { signal, remainingMs: () => Math.min(remainingMs(), withinMs - (performance.now() - began)) };
}
