import type { LambdaObserver } from "../observability/powertools-observer.ts";
import { answerDirectCall, type DirectCalls } from "./direct-call.ts";
import { functionHandler, RESERVE_MS } from "./function-handler.ts";

export interface DirectHandlerOptions<Request> extends DirectCalls<Request> {
  readonly observer: LambdaObserver;
}

/**
 * A Lambda handler of a function that has no queue: it is called by Lambda's Invoke alone, by a person or by another function, and its result is
 * the answer. Every error is recorded, and goes to the caller.
 */
export function directHandler<Request>({ observer, ...direct }: DirectHandlerOptions<Request>) {
  return functionHandler(observer, RESERVE_MS, (event, invocation) =>
    answerDirectCall(observer, direct, event, invocation),
  );
}
