import { describe, expect, it } from "vitest";
import { transient } from "#shared/errors.ts";
import { announcing } from "#shared/messaging/announcing-observer.ts";
import type { EventBus, OwnEvent } from "#shared/messaging/events.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";

const context = (remainingMs = 60_000) => ({
  awsRequestId: "r1",
  functionName: "f",
  getRemainingTimeInMillis: () => remainingMs,
});

/** An announcing observer over one that keeps what it was told; `publish` is the bus. */
function start(publish: EventBus["publish"] = async () => {}) {
  const log: string[] = [];
  const published: OwnEvent[][] = [];
  const { observer: inner, decisions, failures } = recordingObserver();
  const bus: EventBus = {
    async publish(events, signal) {
      published.push([...events]);
      await publish(events, signal);
      log.push("published");
    },
  };
  const observer = announcing({ ...inner, end: async () => void log.push("ended") }, bus, "create-repository");
  return { observer, decisions, failures, published, log };
}

describe("an announcing observer", () => {
  it("publishes the decisions that are announced, at the end, with their facts", async () => {
    const { observer, published } = start();
    observer.begin(context());
    const before = Date.now();

    observer.decided({
      decision: "repository-created",
      repository: "team-a/web",
      template: "team-a",
      reason: "pushed",
    });
    expect(published).toEqual([]);
    await observer.end();

    const detail = {
      version: 1,
      function: "create-repository",
      repository: "team-a/web",
      template: "team-a",
      reason: "pushed",
    };
    expect(published).toEqual([[{ detailType: "Repository Created", detail, time: expect.any(Date) }]]);
    expect(published[0]?.[0]?.time.getTime()).toBeGreaterThanOrEqual(before);
  });

  it.each([
    ["repository-created", "Repository Created"],
    ["repository-brought-to-standard", "Repository Brought To Standard"],
    ["repository-refused", "Repository Refused"],
    ["drift-put-back", "Drift Put Back"],
    ["exception-expired", "Exception Expired"],
    ["trail-missing", "Trail Missing"],
    ["sweep-finished", "Sweep Finished"],
    ["image-push-attributed", "Image Push Attributed"],
  ] as const)("announces %s as '%s'", async (decision, detailType) => {
    const { observer, published } = start();

    observer.decided({ decision });
    await observer.end();

    expect(published.flat().map((one) => [one.detailType, one.detail])).toEqual([
      [detailType, { version: 1, function: "create-repository" }],
    ]);
  });

  it("passes everything on and says nothing more of other decisions", async () => {
    const { observer, decisions, failures, published, log } = start();

    observer.decided({ decision: "repository-conforms", repository: "a" });
    observer.decided({ decision: "drift-put-back", repository: "b" });
    observer.failed("no", { messageId: "m1" });
    await observer.end();

    expect(decisions).toEqual([
      { decision: "repository-conforms", repository: "a" },
      { decision: "drift-put-back", repository: "b" },
    ]);
    expect(failures).toEqual([{ error: "no", facts: { messageId: "m1" } }]);
    expect(published.flat().map(({ detail }) => detail.repository)).toEqual(["b"]);
    expect(log).toEqual(["published", "ended"]);
  });

  it("asks nothing of the bus when nothing is to be announced", async () => {
    const { observer, published, log } = start();

    await observer.end();

    expect([published, log]).toEqual([[], ["ended"]]);
  });

  it("publishes each event once, over several invocations", async () => {
    const { observer, published } = start();

    for (const repository of ["a", "b"]) {
      observer.begin(context());
      observer.decided({ decision: "repository-created", repository });
      await observer.end();
    }

    expect(published.map((events) => events.map(({ detail }) => detail.repository))).toEqual([["a"], ["b"]]);
  });

  it("does not collect the events of a long sweep: ten are published while it runs, one lot after the other", async () => {
    const release = Promise.withResolvers<void>();
    const { observer, published } = start(() => release.promise);

    for (let n = 0; n < 25; n += 1) observer.decided({ decision: "drift-put-back", n });
    await Promise.resolve();
    expect(published.map((events) => events.length)).toEqual([10]);
    release.resolve();
    await observer.end();

    expect(published.map((events) => events.length)).toEqual([10, 10, 5]);
    expect(published.flat().map(({ detail }) => detail.n)).toEqual(Array.from({ length: 25 }, (_, n) => n));
  });

  it("tells a failure to publish, before the end, and fails nothing", async () => {
    const error = transient("events-not-published", "1 of 1 events were not published");
    const { observer, failures, log } = start(() => Promise.reject(error));
    observer.decided({ decision: "sweep-finished" });

    await expect(observer.end()).resolves.toBeUndefined();

    expect(failures).toEqual([{ error, facts: { events: 1 } }]);
    expect(log).toEqual(["ended"]);
  });

  it("gives up in time before the deadline, and begins anew with the next invocation", async () => {
    const { observer, failures, log } = start(async (events, signal) => {
      if (events[0]?.detail.repository !== "slow") return;
      await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    });
    observer.begin(context(520));
    observer.decided({ decision: "repository-created", repository: "slow" });
    await observer.end();
    observer.begin(context());
    observer.decided({ decision: "repository-created", repository: "quick" });
    await observer.end();

    expect(failures).toEqual([{ error: expect.objectContaining({ name: "AbortError" }), facts: { events: 1 } }]);
    expect(log).toEqual(["ended", "published", "ended"]);
  });

  it.each([
    ["10,000 characters are left whole", "x".repeat(10_000), "x".repeat(10_000)],
    ["more are cut", "x".repeat(10_001), `${"x".repeat(9_999)}…`],
    ["more are cut before a pair that would be halved", `x${"😀".repeat(5_000)}`, `x${"😀".repeat(4_999)}…`],
  ])("keeps a reason to its size in the event alone: %s", async (_, reason, expected) => {
    const { observer, decisions, published } = start();

    observer.decided({ decision: "repository-refused", reason });
    await observer.end();

    expect(published[0]?.[0]?.detail.reason).toBe(expected);
    expect(decisions[0]?.reason).toBe(reason);
  });
});
