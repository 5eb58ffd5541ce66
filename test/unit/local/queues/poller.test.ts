import { describe, expect, it, vi } from "vitest";
import { createPoller } from "../../../../local/queues/poller.ts";
import { done, empty, setUpPoller, several } from "./poller-set-up.ts";
import { setUp as setUpQueues } from "./set-up.ts";

describe("a batch", () => {
  it("has records shaped as Lambda's, and is deleted when it succeeded", async () => {
    const { jobs, invocation, reported, reports } = setUpPoller();
    const { messageId } = jobs.send({
      body: "hello",
      traceHeader: "Root=1-a",
      messageAttributes: {
        RULE: { DataType: "String", StringValue: "r" },
        B: { DataType: "Binary", BinaryValue: "AA==" },
      },
    });

    const { event, details, answer } = await invocation(0);
    answer(done);
    await reported(1);

    const lists = { stringListValues: [], binaryListValues: [] };
    expect(event).toEqual({
      Records: [
        {
          messageId,
          receiptHandle: expect.any(String),
          body: "hello",
          attributes: {
            ApproximateReceiveCount: "1",
            AWSTraceHeader: "Root=1-a",
            SentTimestamp: "1772438400000",
            SenderId: "AIDALOCALACCOUNT00000",
            ApproximateFirstReceiveTimestamp: "1772438400000",
          },
          messageAttributes: {
            RULE: { stringValue: "r", ...lists, dataType: "String" },
            B: { binaryValue: "AA==", ...lists, dataType: "Binary" },
          },
          md5OfBody: "5d41402abc4b2a76b9719d911017c592",
          eventSource: "aws:sqs",
          eventSourceARN: "arn:aws:sqs:eu-west-1:123456789012:jobs",
          awsRegion: "eu-west-1",
        },
      ],
    });
    expect(details).toEqual({ traceHeader: "Root=1-a" });
    expect(reports).toMatchObject([{ messages: 1, failed: [], reason: undefined }]);
    expect(jobs.counts()).toEqual(empty);
  });

  it("has as many messages as the mapping allows", async () => {
    const { invocation } = setUpPoller({ mapping: { batchSize: 2 }, messages: several("a", "b", "c") });

    expect([(await invocation(0)).bodies, (await invocation(1)).bodies]).toEqual([["a", "b"], ["c"]]);
  });

  it("hands on the trace header of its longest chain", async () => {
    const headers = [1, 7, 3].map((chain) => `Root=1;Lineage=1:ab:${chain}`);
    const { invocation } = setUpPoller({ messages: headers.map((traceHeader) => ({ body: "x", traceHeader })) });

    expect((await invocation(0)).details).toEqual({ traceHeader: "Root=1;Lineage=1:ab:7" });
  });

  it("collects until its window is over", async () => {
    const { jobs, clock, invocation, invocations } = setUpPoller({
      // A second worker would start a batch of its own with the second message.
      mapping: { maximumBatchingWindowSeconds: 5, maximumConcurrency: 1 },
      messages: several("a"),
    });
    await vi.waitFor(() => expect(jobs.counts().inFlight).toBe(1));

    clock.advance(3000);
    jobs.send({ body: "b" });
    await vi.waitFor(() => expect(jobs.counts().inFlight).toBe(2));
    expect(invocations).toEqual([]);
    clock.advance(2000);

    expect((await invocation(0)).bodies).toEqual(["a", "b"]);
  });

  it("goes out before its window is over when it is full, with more than ten messages", async () => {
    const { invocation } = setUpPoller({
      mapping: { batchSize: 11, maximumBatchingWindowSeconds: 5, maximumConcurrency: 1 },
      messages: several(..."abcdefghijkl"),
    });

    expect((await invocation(0)).bodies).toEqual([..."abcdefghijk"]);
  });

  it("is split where it would not fit into one invocation", async () => {
    const large = "x".repeat(1_000_000);
    const { invocation, jobs, reported } = setUpPoller({
      messages: several(...Array.from({ length: 8 }, () => large)),
    });

    const first = await invocation(0);
    first.answer(done);
    const second = await invocation(1);
    second.answer(done);
    await reported(2);

    expect([first.bodies.length, second.bodies.length, jobs.counts()]).toEqual([6, 2, empty]);
  });
});

describe("concurrency and closing", () => {
  it("runs no more invocations at once than the mapping allows", async () => {
    const { jobs, invocation, invocations } = setUpPoller({
      mapping: { batchSize: 1 },
      messages: several("a", "b", "c"),
    });
    const first = await invocation(0);
    await invocation(1);
    expect([invocations.length, jobs.counts()]).toEqual([2, { visible: 1, inFlight: 2, delayed: 0 }]);

    first.answer(done);

    expect((await invocation(2)).bodies).toEqual(["c"]);
  });

  it("runs five at once without a limit", async () => {
    const messages = several("a", "b", "c", "d", "e", "f");
    const account = setUpQueues();
    for (const message of messages) account.jobs.send(message);
    let open = 0;
    const release: (() => void)[] = [];
    const poller = createPoller({
      queue: account.jobs,
      clock: account.clock,
      mapping: {
        logicalId: "M",
        functionArn: "arn:f",
        queueArn: account.jobs.definition.arn,
        enabled: true,
        batchSize: 1,
        maximumBatchingWindowSeconds: 0,
        reportBatchItemFailures: false,
      },
      invoke: () => {
        open += 1;
        return new Promise((resolve) => release.push(() => resolve(done)));
      },
    });

    await vi.waitFor(() => expect([open, account.jobs.counts().visible]).toEqual([5, 1]));

    const closed = poller.close();
    for (const end of release) end();
    await closed;
  });

  it("lets what is under way end when it is closed, and takes no more", async () => {
    const { jobs, poller, invocation, invocations } = setUpPoller({ messages: several("a") });
    const { answer } = await invocation(0);
    let closed = false;

    const closing = poller.close().then(() => {
      closed = true;
    });
    jobs.send({ body: "b" });
    await Promise.resolve();
    expect(closed).toBe(false);
    answer(done);
    await closing;

    expect([invocations.length, jobs.counts()]).toEqual([1, { visible: 1, inFlight: 0, delayed: 0 }]);
  });

  it("takes nothing for a disabled mapping", async () => {
    const { jobs, poller, invocations } = setUpPoller({ mapping: { enabled: false }, messages: several("a") });

    await poller.close();

    expect([invocations.length, jobs.counts().visible]).toEqual([0, 1]);
  });
});
