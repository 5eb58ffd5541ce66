import { describe, expect, it } from "vitest";
import { AwsError } from "../../../../local/aws/call.ts";
import { done, type Invocation, setUpPoller, several } from "./poller-set-up.ts";
import { bodies } from "./set-up.ts";

describe("failures", () => {
  it("return only the messages that the function names", async () => {
    const { jobs, clock, invocation, reported, reports } = setUpPoller({ messages: several("a", "b") });
    const first = await invocation(0);
    first.answer({ payload: { batchItemFailures: [{ itemIdentifier: first.ids[1] }] } });
    await reported(1);
    expect(jobs.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });

    clock.advance(30_000);
    const again = await invocation(1);

    expect(again.bodies).toEqual(["b"]);
    expect(again.event.Records[0]?.attributes.ApproximateReceiveCount).toBe("2");
    expect(reports[0]).toMatchObject({ messages: 2, failed: [first.ids[1]], reason: undefined });
  });

  it.each<[string, (invocation: Invocation) => void, string]>([
    [
      "a function error",
      ({ answer }) => answer({ error: { errorType: "TypeError", errorMessage: "boom" } }),
      "TypeError: boom",
    ],
    [
      "a malformed answer",
      ({ answer }) => answer({ payload: "ok" }),
      "the answer is not an object with batchItemFailures",
    ],
    [
      "an invocation that was not let in",
      ({ reject }) => reject(new AwsError("TooManyRequestsException", "Rate Exceeded.")),
      "TooManyRequestsException: Rate Exceeded.",
    ],
  ])("return the whole batch after %s", async (_, end, reason) => {
    const { jobs, clock, invocation, reported, reports } = setUpPoller({ messages: several("a", "b") });

    end(await invocation(0));
    await reported(1);
    const waiting = jobs.counts();
    clock.advance(30_000);

    expect([reports[0]?.failed.length, reports[0]?.reason, waiting.inFlight]).toEqual([2, reason, 2]);
    expect((await invocation(1)).bodies).toEqual(["a", "b"]);
  });

  it("end in the dead-letter queue", async () => {
    const { dead, clock, invocation, reported } = setUpPoller({ messages: several("poison") });
    for (const round of [0, 1]) {
      (await invocation(round)).answer({ error: { errorType: "Error", errorMessage: "boom" } });
      await reported(round + 1);
      clock.advance(30_000);
    }

    expect(await bodies(dead)).toEqual(["poison"]);
  });

  it("come back sooner with a visibility scale, counted from what is left of the timeout", async () => {
    const { jobs, clock, invocation, reported, invocations } = setUpPoller({
      options: { visibilityScale: 0.1 },
      messages: several("a"),
    });
    const first = await invocation(0);
    clock.advance(10_000);
    first.answer({ error: { errorType: "Error", errorMessage: "boom" } });
    await reported(1);

    clock.advance(1999);
    expect([jobs.counts().inFlight, invocations.length]).toEqual([1, 1]);
    clock.advance(1);

    expect((await invocation(1)).bodies).toEqual(["a"]);
  });

  it("do not disturb a message that is in other hands by now", async () => {
    const { clock, invocation, reported } = setUpPoller({ options: { visibilityScale: 0.1 }, messages: several("a") });
    const slow = await invocation(0);
    clock.advance(30_000);
    const quick = await invocation(1);

    slow.answer({ error: { errorType: "Error", errorMessage: "late" } });
    quick.answer(done);

    await reported(2);
  });
});
