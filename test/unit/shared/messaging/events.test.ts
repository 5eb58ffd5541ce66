import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { createEventBus } from "#shared/messaging/events.ts";
import { startEvents } from "../../local/events/start-events.ts";
import { event, startPutEvents, taken } from "./set-up.ts";

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ n: from + index }));

describe("events of our own", () => {
  it("come to the default bus with our source, their time and their detail", async () => {
    const { endpoint, published, user } = await startEvents();
    const client = new EventBridgeClient({ endpoint, region: "eu-west-1", credentials: user, maxAttempts: 1 });

    await createEventBus(client).publish([event(1, { repository: "team-a/web" })]);

    client.destroy();
    expect(published.map((one) => one.event)).toEqual([
      expect.objectContaining({
        source: "ecr-autopilot",
        "detail-type": "Repository Created",
        time: "2026-03-01T10:00:00Z",
        detail: { n: 1, repository: "team-a/web" },
      }),
    ]);
  });

  it("cost no call when there are none", async () => {
    const { client, calls } = await startPutEvents();

    await createEventBus(client).publish([]);

    expect(calls).toEqual([]);
  });

  it("go ten to a call, in order", async () => {
    const { client, details } = await startPutEvents();

    await createEventBus(client).publish(numbers(1, 23).map(({ n }) => event(n)));

    expect(details()).toEqual([numbers(1, 10), numbers(11, 20), numbers(21, 23)]);
  });

  it("go so many to a call that it stays below 256 KB", async () => {
    const { endpoint, published, user } = await startEvents();
    const client = new EventBridgeClient({ endpoint, region: "eu-west-1", credentials: user, maxAttempts: 1 });
    // Four of these are 256 KB with their detail types and times, which the stand-in refuses.
    const text = "é".repeat(32 * 1024 - 50);

    await createEventBus(client).publish([1, 2, 3, 4, 5].map((n) => event(n, { text })));

    client.destroy();
    expect(published.map((one) => one.event.detail.n)).toEqual([1, 2, 3, 4, 5]);
  });

  it("are sent again alone when EventBridge did not take them", async () => {
    const { client, details } = await startPutEvents((entries, round) => taken(entries, round === 1 ? [2, 4] : []));

    await createEventBus(client).publish(numbers(1, 4).map(({ n }) => event(n)));

    expect(details()).toEqual([numbers(1, 4), [{ n: 2 }, { n: 4 }]]);
  });

  it("are given up after three sends, with a count and the first reason", async () => {
    const { client, details } = await startPutEvents((entries) => taken(entries, [2, 12]));

    const publishing = createEventBus(client).publish(numbers(1, 12).map(({ n }) => event(n)));

    await expect(publishing).rejects.toMatchObject({
      code: "events-not-published",
      permanent: false,
      message:
        "2 of 12 events were not published; the first, 'Repository Created': InternalFailure: Unexpected failure of 2",
    });
    const [two, twelve] = [[{ n: 2 }], [{ n: 12 }]];
    expect(details()).toEqual([numbers(1, 10), two, two, numbers(11, 12), twelve, twelve]);
  });

  it("are tried when an earlier call failed as a whole", async () => {
    const { client, calls } = await startPutEvents((entries, round) =>
      round === 1
        ? {
            status: 400,
            body: { __type: "AccessDeniedException", message: "not authorized to perform: events:PutEvents" },
          }
        : taken(entries),
    );

    const publishing = createEventBus(client).publish(numbers(1, 11).map(({ n }) => event(n)));

    await expect(publishing).rejects.toMatchObject({
      message:
        "10 of 11 events were not published; the first, 'Repository Created': AccessDeniedException: not authorized to perform: events:PutEvents",
      cause: expect.objectContaining({ name: "AccessDeniedException" }),
    });
    expect(calls.map(({ entries }) => entries.length)).toEqual([10, 1]);
  });

  it("are given up at once when they must be", async () => {
    const stop = new AbortController();
    const { client } = await startPutEvents(() => void stop.abort());

    const publishing = createEventBus(client).publish([event(1)], stop.signal);

    await expect(publishing).rejects.toMatchObject({
      code: "events-not-published",
      message: expect.stringContaining("1 of 1 events were not published; the first, 'Repository Created': AbortError"),
    });
  });
});
