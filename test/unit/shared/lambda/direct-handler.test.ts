import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { permanent } from "#shared/errors.ts";
import { directHandler } from "#shared/lambda/direct-handler.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";

const context = { awsRequestId: "r1", functionName: "f", getRemainingTimeInMillis: () => 60_000 } as Context;

function handlerOf(handle: (request: string, invocation: Invocation) => Promise<unknown>) {
  const observed = recordingObserver();
  const parse = (event: unknown) => {
    if (typeof event !== "object" || event === null || !("ask" in event)) throw permanent("x-malformed", "needs 'ask'");
    return String(event.ask);
  };
  return { ...observed, handler: directHandler({ observer: observed.observer, parse, handle }) };
}

describe("a function without a queue", () => {
  it("answers its caller, and knows how long it has", async () => {
    const { handler, decisions } = handlerOf(async (ask, { remainingMs }) => ({ ask, ms: remainingMs() }));

    expect(await handler({ ask: "a" }, context)).toEqual({ ask: "a", ms: 58_000 });
    expect(decisions).toEqual([]);
  });

  it("takes a batch of a queue for a request like any other", async () => {
    const { handler, decisions } = handlerOf(async () => "done");

    await expect(handler({ Records: [] }, context)).rejects.toMatchObject({ code: "x-malformed" });
    expect(decisions).toEqual([{ decision: "event-refused", reason: "needs 'ask'", code: "x-malformed" }]);
  });

  it("stops earlier for a caller who waits less, and reads the request without that", async () => {
    const { handler } = handlerOf(async (ask, { remainingMs }) => ({ ask, ms: Math.round(remainingMs() / 1_000) }));

    expect(await handler({ ask: "a", withinMs: 20_000 }, context)).toEqual({ ask: "a", ms: 20 });
    expect(await handler({ ask: "a", withinMs: 90_000 }, context)).toEqual({ ask: "a", ms: 58 });
    await expect(handler({ ask: "a", withinMs: "soon" }, context)).rejects.toMatchObject({ code: "event-malformed" });
  });
});
