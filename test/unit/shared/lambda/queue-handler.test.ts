import type { Context, SQSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { permanent, transient } from "#shared/errors.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import type { DirectCalls } from "#shared/lambda/direct-call.ts";
import { type Invocation, queueHandler } from "#shared/lambda/queue-handler.ts";
import { sampleText } from "../../../support/events.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";

function batch(...bodies: string[]): SQSEvent {
  return { Records: bodies.map((body, index) => ({ messageId: `m${index + 1}`, body })) } as unknown as SQSEvent;
}

function context(remainingMs = 30_000): Context {
  const end = Date.now() + remainingMs;
  return { awsRequestId: "r1", functionName: "f", getRemainingTimeInMillis: () => end - Date.now() } as Context;
}

interface Options {
  readonly key?: (id: string) => string;
  readonly reserveMs?: number;
  readonly direct?: DirectCalls<string>;
}

function handlerOf(
  handle: (id: string, invocation: Invocation) => Promise<void>,
  { key = (id: string) => id, reserveMs = 1_000, direct }: Options = {},
) {
  const observed = recordingObserver();
  const parse = (event: Envelope) => (event["detail-type"] === "ECR Image Action" ? event.id : undefined);
  return {
    ...observed,
    handler: queueHandler({ observer: observed.observer, parse, key, handle, reserveMs, ...(direct && { direct }) }),
  };
}

/** The pushed sample with an id of its own. */
function pushed(id: string): string {
  return JSON.stringify({ ...JSON.parse(sampleText("image-pushed")), id });
}

describe("a batch of messages", () => {
  it("is acknowledged as a whole when all went well", async () => {
    const seen: string[] = [];
    const { handler } = handlerOf(async (id) => void seen.push(id));

    const answer = await handler(batch(pushed("a"), pushed("b")), context());

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual(["a", "b"]);
  });

  it("gives back only the message that failed for the moment", async () => {
    const { handler, failures } = handlerOf(async (id) => {
      if (id === "b") throw transient("ecr-throttled", "Rate exceeded");
    });

    const answer = await handler(batch(pushed("a"), pushed("b"), pushed("c")), context());

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m2" }] });
    expect(failures).toEqual([
      { error: expect.objectContaining({ code: "ecr-throttled" }), facts: { messageId: "m2" } },
    ]);
  });

  it("gives back a message whose failure nobody foresaw", async () => {
    const { handler } = handlerOf(() => Promise.reject(new TypeError("x is not a function")));

    expect(await handler(batch(pushed("a")), context())).toEqual({ batchItemFailures: [{ itemIdentifier: "m1" }] });
  });

  it("records and acknowledges a permanent failure", async () => {
    const { handler, decisions } = handlerOf(() => Promise.reject(permanent("ecr-invalid", "no such key")));

    const answer = await handler(batch(pushed("a")), context());

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(decisions).toEqual([
      { decision: "event-refused", messageId: "m1", reason: "no such key", code: "ecr-invalid" },
    ]);
  });

  it("is not harmed by a message that cannot be read", async () => {
    const seen: string[] = [];
    const { handler, decisions } = handlerOf(async (id) => void seen.push(id));

    const answer = await handler(batch("not json", sampleText("refused-no-envelope"), pushed("c")), context());

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(decisions.map(({ decision, code }) => [decision, code])).toEqual(
      Array(2).fill(["event-refused", "event-malformed"]),
    );
    expect(seen).toEqual(["c"]);
  });

  it("passes over an event that is not for this function, on record", async () => {
    const { handler, decisions } = handlerOf(async () => {});

    await handler(batch(sampleText("schedule")), context());

    expect(decisions).toEqual([expect.objectContaining({ decision: "event-ignored", messageId: "m1" })]);
  });

  it("does the same request once, and fails all its messages together", async () => {
    let runs = 0;
    const { handler } = handlerOf(
      () => {
        runs += 1;
        return Promise.reject(transient("x", "x"));
      },
      { key: () => "same" },
    );

    const answer = await handler(batch(pushed("a"), pushed("b")), context());

    expect(runs).toBe(1);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m1" }, { itemIdentifier: "m2" }] });
  });

  it("stops before the deadline and gives back what is not done", async () => {
    const { handler } = handlerOf(async (id, { signal }) => {
      if (id === "a") return;
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });

    const answer = await handler(batch(pushed("a"), pushed("b"), pushed("c")), context(1_100));

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m2" }, { itemIdentifier: "m3" }] });
  });
});

describe("the observer", () => {
  function ending(end: () => Promise<void>) {
    const { observer, failures } = recordingObserver();
    const direct = { parse: String, handle: () => Promise.reject(transient("x", "of the work")) };
    const options = { parse: (event: Envelope) => event.id, key: String, handle: async () => {}, direct };
    return { handler: queueHandler({ observer: { ...observer, end }, ...options }), failures };
  }

  it("is waited for before the answer goes out, and before an error does", async () => {
    const ended: string[] = [];
    const { handler } = ending(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      ended.push("ended");
    });

    await handler(batch(pushed("a")), context());
    expect(ended).toEqual(["ended"]);
    await expect(handler("by hand", context())).rejects.toThrow("of the work");
    expect(ended).toEqual(["ended", "ended"]);
  });

  it("changes neither answer nor error when its end fails, and the failure is told", async () => {
    const defect = new TypeError("x is not a function");
    const { handler, failures } = ending(() => Promise.reject(defect));

    expect(await handler(batch(pushed("a")), context())).toEqual({ batchItemFailures: [] });
    await expect(handler("by hand", context())).rejects.toThrow("of the work");
    expect(failures.filter(({ error }) => error === defect)).toHaveLength(2);
  });
});

describe("a call by hand", () => {
  const direct: DirectCalls<string> = {
    parse(event) {
      if (typeof event === "object" && event !== null && "plan" in event) return String(event.plan);
      throw permanent("request-malformed", "needs 'plan'");
    },
    handle: async (plan, { remainingMs }) => ({ plan, inTime: remainingMs() > 25_000 }),
  };

  it("is answered with the result of its work", async () => {
    const { handler, decisions, failures } = handlerOf(async () => {}, { direct });

    expect(await handler({ plan: "a" }, context())).toEqual({ plan: "a", inTime: true });
    expect([decisions, failures]).toEqual([[], []]);
  });

  it("leaves batches to the queue's own work", async () => {
    const { handler } = handlerOf(async () => {}, { direct });

    expect(await handler(batch(pushed("a")), context())).toEqual({ batchItemFailures: [] });
  });

  it.each([
    [{ other: 1 }, "request-malformed", "needs 'plan'"],
    [null, "request-malformed", "needs 'plan'"],
  ])("with %j is recorded as refused and tells the caller why", async (event, code, reason) => {
    const { handler, decisions } = handlerOf(async () => {}, { direct });

    await expect(handler(event, context())).rejects.toMatchObject({ code, message: reason });
    expect(decisions).toEqual([{ decision: "event-refused", reason, code }]);
  });

  it("that failed for the moment is told, and fails before its caller", async () => {
    const error = transient("ecr-throttled", "Rate exceeded");
    const { handler, failures } = handlerOf(async () => {}, {
      direct: { ...direct, handle: () => Promise.reject(error) },
    });

    await expect(handler({ plan: "a" }, context())).rejects.toBe(error);
    expect(failures).toEqual([{ error, facts: {} }]);
  });

  it("is told to stop before the deadline", async () => {
    const handle: DirectCalls<string>["handle"] = (_, { signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve("stopped")));
    const { handler } = handlerOf(async () => {}, { direct: { ...direct, handle } });

    expect(await handler({ plan: "a" }, context(1_100))).toBe("stopped");
  });

  it("is refused by a function that has none", async () => {
    const { handler, decisions } = handlerOf(async () => {});
    const reason = "not an SQS batch: it has no list 'Records', and this function takes nothing else";

    await expect(handler({ Records: "x" }, context())).rejects.toThrow(reason);
    expect(decisions).toEqual([{ decision: "event-refused", reason, code: "event-malformed" }]);
  });
});
