import middy from "@middy/core";
import type { Context } from "aws-lambda";
import type { LambdaObserver } from "../observability/powertools-observer.ts";
import type { Invocation } from "./queue-handler.ts";

/** Told to stop so long before the Lambda deadline, in milliseconds, that the answer still gets out. */
export const RESERVE_MS = 2_000;

/** A Lambda handler whose work is observed, and told in time to stop: what is common to all chains for events that are no HTTP request. */
export function functionHandler(
  observer: LambdaObserver,
  reserveMs: number,
  work: (event: unknown, invocation: Invocation) => Promise<unknown>,
) {
  // One invocation at a time runs in a container, so the answer being worked out is the one that a deadline waits for.
  let answer: Promise<unknown> = Promise.resolve();

  return middy<unknown, unknown, Error, Context>(
    (event: unknown, context: Context, { signal }: { signal: AbortSignal }) => {
      answer = work(event, { signal, remainingMs: () => context.getRemainingTimeInMillis() - reserveMs });
      return answer;
    },
    {
      timeoutEarlyInMillis: reserveMs,
      // middy has aborted `signal` by now: whatever is still under way fails with that and is reported as such.
      timeoutEarlyResponse: () => answer,
    },
  ).use({
    before: ({ context }) => observer.begin(context),
    after: () => end(observer),
    onError: () => end(observer),
  });
}

/** The work is done: what fails in telling of it must not change the answer. */
async function end(observer: LambdaObserver): Promise<void> {
  try {
    await observer.end();
  } catch (error) {
    observer.failed(error, {});
  }
}
