import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AwsError } from "../../../../local/aws/call.ts";
import type { FunctionResult } from "../../../../local/queues/batch-response.ts";
import type { OutgoingMessage } from "../../../../local/queues/message.ts";
import { type BatchReport, createPoller, type PollerOptions } from "../../../../local/queues/poller.ts";
import type { SqsEvent } from "../../../../local/queues/sqs-event.ts";
import type { LocalEventSourceMapping, LocalQueue } from "../../../../local/template/local-template.ts";
import { bodies, setUp as setUpQueues } from "./set-up.ts";

interface Invocation {
  readonly bodies: string[];
  readonly ids: string[];
  readonly event: SqsEvent;
  readonly details: { readonly traceHeader?: string };
  readonly answer: (result: FunctionResult) => void;
  readonly reject: (error: Error) => void;
}

interface Given {
  readonly mapping?: Partial<LocalEventSourceMapping>;
  readonly options?: Partial<PollerOptions>;
  readonly queue?: Partial<LocalQueue>;
  /** Sent before the poller starts, so that they come in one batch. */
  readonly messages?: readonly OutgoingMessage[];
}

/** A poller whose invocations stay open until the test answers them. */
function setUp({ mapping = {}, options = {}, queue = {}, messages = [] }: Given = {}) {
  const account = setUpQueues(queue);
  const invocations: Invocation[] = [];
  const reports: BatchReport[] = [];
  let isOver = false;
  for (const message of messages) account.jobs.send(message);
  const poller = createPoller({
    queue: account.jobs,
    clock: account.clock,
    mapping: {
      logicalId: "Mapping",
      functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:work",
      queueArn: account.jobs.definition.arn,
      enabled: true,
      batchSize: 10,
      maximumBatchingWindowSeconds: 0,
      reportBatchItemFailures: true,
      maximumConcurrency: 2,
      ...mapping,
    },
    invoke: (event, details) =>
      new Promise((answer, reject) => {
        if (isOver) return answer(done);
        const bodies = event.Records.map(({ body }) => body);
        invocations.push({
          bodies,
          ids: event.Records.map(({ messageId }) => messageId),
          event,
          details,
          answer,
          reject,
        });
      }),
    onBatch: (report) => reports.push(report),
    ...options,
  });
  onTestFinished(async () => {
    isOver = true;
    const closed = poller.close();
    for (const { answer } of invocations) answer(done);
    await closed;
  });
  const invocation = (index: number): Promise<Invocation> =>
    vi.waitFor(
      () => {
        const found = invocations[index];
        if (found === undefined) throw new Error(`there is no invocation ${index}`);
        return found;
      },
      { interval: 1 },
    );
  const reported = (count: number) => vi.waitFor(() => expect(reports).toHaveLength(count), { interval: 1 });
  return { ...account, poller, invocations, invocation, reports, reported };
}

const done: FunctionResult = { payload: { batchItemFailures: [] } };
const empty = { visible: 0, inFlight: 0, delayed: 0 };
const several = (...texts: string[]): OutgoingMessage[] => texts.map((body) => ({ body }));

describe("a batch", () => {
  it("has records shaped as Lambda's, and is deleted when it succeeded", async () => {
    const { jobs, invocation, reported, reports } = setUp();
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
    const { invocation } = setUp({ mapping: { batchSize: 2 }, messages: several("a", "b", "c") });

    expect([(await invocation(0)).bodies, (await invocation(1)).bodies]).toEqual([["a", "b"], ["c"]]);
  });

  it("hands on the trace header of its longest chain", async () => {
    const headers = [1, 7, 3].map((chain) => `Root=1;Lineage=1:ab:${chain}`);
    const { invocation } = setUp({ messages: headers.map((traceHeader) => ({ body: "x", traceHeader })) });

    expect((await invocation(0)).details).toEqual({ traceHeader: "Root=1;Lineage=1:ab:7" });
  });

  it("collects until its window is over", async () => {
    const { jobs, clock, invocation, invocations } = setUp({
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
    const { invocation } = setUp({
      mapping: { batchSize: 11, maximumBatchingWindowSeconds: 5, maximumConcurrency: 1 },
      messages: several(..."abcdefghijkl"),
    });

    expect((await invocation(0)).bodies).toEqual([..."abcdefghijk"]);
  });

  it("is split where it would not fit into one invocation", async () => {
    const large = "x".repeat(1_000_000);
    const { invocation, jobs, reported } = setUp({ messages: several(...Array.from({ length: 8 }, () => large)) });

    const first = await invocation(0);
    first.answer(done);
    const second = await invocation(1);
    second.answer(done);
    await reported(2);

    expect([first.bodies.length, second.bodies.length, jobs.counts()]).toEqual([6, 2, empty]);
  });
});

describe("failures", () => {
  it("return only the messages that the function names", async () => {
    const { jobs, clock, invocation, reported, reports } = setUp({ messages: several("a", "b") });
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
    const { jobs, clock, invocation, reported, reports } = setUp({ messages: several("a", "b") });

    end(await invocation(0));
    await reported(1);
    const waiting = jobs.counts();
    clock.advance(30_000);

    expect([reports[0]?.failed.length, reports[0]?.reason, waiting.inFlight]).toEqual([2, reason, 2]);
    expect((await invocation(1)).bodies).toEqual(["a", "b"]);
  });

  it("end in the dead-letter queue", async () => {
    const { dead, clock, invocation, reported } = setUp({ messages: several("poison") });
    for (const round of [0, 1]) {
      (await invocation(round)).answer({ error: { errorType: "Error", errorMessage: "boom" } });
      await reported(round + 1);
      clock.advance(30_000);
    }

    expect(await bodies(dead)).toEqual(["poison"]);
  });

  it("come back sooner with a visibility scale, counted from what is left of the timeout", async () => {
    const { jobs, clock, invocation, reported, invocations } = setUp({
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
    const { clock, invocation, reported } = setUp({ options: { visibilityScale: 0.1 }, messages: several("a") });
    const slow = await invocation(0);
    clock.advance(30_000);
    const quick = await invocation(1);

    slow.answer({ error: { errorType: "Error", errorMessage: "late" } });
    quick.answer(done);

    await reported(2);
  });
});

describe("concurrency and closing", () => {
  it("runs no more invocations at once than the mapping allows", async () => {
    const { jobs, invocation, invocations } = setUp({ mapping: { batchSize: 1 }, messages: several("a", "b", "c") });
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
    const { jobs, poller, invocation, invocations } = setUp({ messages: several("a") });
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
    const { jobs, poller, invocations } = setUp({ mapping: { enabled: false }, messages: several("a") });

    await poller.close();

    expect([invocations.length, jobs.counts().visible]).toEqual([0, 1]);
  });
});
