import { describe, expect, it } from "vitest";
import { bodies, code, setUp } from "./set-up.ts";

describe("send and receive", () => {
  it("gives a message with its attributes, and its MD5", async () => {
    const { jobs } = setUp();

    const sent = jobs.send({
      body: "hello",
      traceHeader: "Root=1",
      messageAttributes: { A: { DataType: "String", StringValue: "x" } },
    });
    const [message] = await jobs.receive();

    expect(sent).toEqual({ messageId: message?.messageId, md5OfBody: "5d41402abc4b2a76b9719d911017c592" });
    expect(message).toEqual({
      messageId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      receiptHandle: expect.any(String),
      body: "hello",
      md5OfBody: "5d41402abc4b2a76b9719d911017c592",
      attributes: {
        ApproximateReceiveCount: "1",
        AWSTraceHeader: "Root=1",
        SentTimestamp: "1772438400000",
        SenderId: "AIDALOCALACCOUNT00000",
        ApproximateFirstReceiveTimestamp: "1772438400000",
      },
      messageAttributes: { A: { DataType: "String", StringValue: "x" } },
    });
  });

  it("gives at most as many as asked for, oldest first", async () => {
    const { jobs } = setUp();
    for (const body of ["a", "b", "c"]) jobs.send({ body });

    const two = await jobs.receive({ maxMessages: 2 });

    expect([two.map(({ body }) => body), await bodies(jobs)]).toEqual([["a", "b"], ["c"]]);
  });

  it("hides a received message until its visibility timeout is over", async () => {
    const { jobs, clock } = setUp();
    jobs.send({ body: "a" });

    const seen = [await bodies(jobs), await bodies(jobs)];
    clock.advance(29_999);
    seen.push(await bodies(jobs));
    clock.advance(1);
    const [again] = await jobs.receive();

    expect(seen).toEqual([["a"], [], []]);
    expect(again?.attributes).toMatchObject({
      ApproximateReceiveCount: "2",
      ApproximateFirstReceiveTimestamp: "1772438400000",
    });
  });

  it("shows a delayed message when its delay is over", async () => {
    const { jobs, clock } = setUp();
    jobs.send({ body: "late", delaySeconds: 10 });

    const early = [await bodies(jobs), jobs.counts()];
    clock.advance(10_000);

    expect(early).toEqual([[], { visible: 0, inFlight: 0, delayed: 1 }]);
    expect(await bodies(jobs)).toEqual(["late"]);
  });

  it("waits for a message, and for no longer than asked", async () => {
    const { jobs, clock } = setUp();

    const first = jobs.receive({ waitSeconds: 20 });
    jobs.send({ body: "a" });
    expect((await first).map(({ body }) => body)).toEqual(["a"]);

    const second = jobs.receive({ waitSeconds: 20 });
    clock.advance(20_000);
    expect(await second).toEqual([]);
  });

  it("wakes who waits when a message becomes visible again", async () => {
    const { jobs, clock } = setUp();
    jobs.send({ body: "a" });
    await jobs.receive();

    const waiting = jobs.receive({ waitSeconds: Number.POSITIVE_INFINITY });
    clock.advance(30_000);

    expect((await waiting)[0]?.attributes.ApproximateReceiveCount).toBe("2");
  });

  it("gives one message to one of those who wait, the first", async () => {
    const { jobs } = setUp();
    const first = jobs.receive({ waitSeconds: 20 });
    const second = jobs.receive({ waitSeconds: 20 });

    jobs.send({ body: "a" });
    jobs.send({ body: "b" });

    expect([await first, await second].map(([message]) => message?.body)).toEqual(["a", "b"]);
  });

  it("ends the wait when the signal says so, or the queue is closed", async () => {
    const { jobs, queues } = setUp();
    const controller = new AbortController();
    const aborted = jobs.receive({ waitSeconds: 20, signal: controller.signal });
    const closed = jobs.receive({ waitSeconds: 20 });

    controller.abort();
    queues.close();

    expect([await aborted, await closed, await jobs.receive({ waitSeconds: 20, signal: controller.signal })]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it("forgets a message whose retention is over", async () => {
    const { jobs, clock } = setUp({ retentionSeconds: 60 });
    jobs.send({ body: "old" });

    clock.advance(60_000);

    expect([await bodies(jobs), jobs.counts().visible]).toEqual([[], 0]);
  });

  it("puts U+FFFD for characters that a message may not hold", async () => {
    const { jobs } = setUp();
    jobs.send({ body: "a\u0000b\ud800\ttab\u{1f600}" });

    expect(await bodies(jobs)).toEqual(["a\ufffdb\ufffd\ttab\u{1f600}"]);
  });

  it.each([
    [{ body: "" }, "MissingParameter: The request must contain the parameter MessageBody."],
    [
      { body: "x".repeat(1025) },
      "InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
    ],
    [
      { body: "x".repeat(1020), messageAttributes: { A: { DataType: "String", StringValue: "x" } } },
      "InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
    ],
    [
      { body: "x", delaySeconds: 901 },
      "InvalidParameterValue: Value 901 for parameter DelaySeconds is invalid. Reason: Must be between 0 and 900, if provided.",
    ],
  ])("refuses message %#", (message, expected) => {
    const { jobs } = setUp({ maximumMessageBytes: 1024 });

    expect(code(() => jobs.send(message))).toBe(expected);
  });

  it("refuses to receive more than ten", () => {
    const { jobs } = setUp();

    expect(code(() => jobs.receive({ maxMessages: 11 }))).toBe(
      "InvalidParameterValue: Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    );
  });
});

describe("delete and changeVisibility", () => {
  it("deletes a message for good", async () => {
    const { jobs, clock } = setUp();
    jobs.send({ body: "a" });
    const [message] = await jobs.receive();

    jobs.delete(message?.receiptHandle ?? "");
    jobs.delete(message?.receiptHandle ?? "");
    clock.advance(60_000);

    expect(await bodies(jobs)).toEqual([]);
  });

  it("deletes a message whose timeout is over, unless it was received again", async () => {
    const { jobs, clock } = setUp({
      redrive: { deadLetterArn: "arn:aws:sqs:eu-west-1:123456789012:dead", maxReceiveCount: 9 },
    });
    jobs.send({ body: "a" });
    const [first] = await jobs.receive();
    clock.advance(30_000);
    const [second] = await jobs.receive();

    jobs.delete(first?.receiptHandle ?? "");
    expect(jobs.counts().inFlight).toBe(1);
    clock.advance(30_000);
    jobs.delete(second?.receiptHandle ?? "");

    expect(jobs.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it("shows a message at once, or later, when its visibility is changed", async () => {
    const { jobs, clock } = setUp();
    jobs.send({ body: "a" });
    const [message] = await jobs.receive();
    const handle = message?.receiptHandle ?? "";

    jobs.changeVisibility(handle, 120);
    clock.advance(60_000);
    const hidden = jobs.counts();
    jobs.changeVisibility(handle, 0);

    expect([hidden.inFlight, await bodies(jobs)]).toEqual([1, ["a"]]);
  });

  it("refuses a handle that is none, a message that is not in flight, a timeout above 12 hours", async () => {
    const { jobs, clock } = setUp();
    jobs.send({ body: "a" });
    const [message] = await jobs.receive();
    const handle = message?.receiptHandle ?? "";

    expect(code(() => jobs.delete("nonsense"))).toBe(
      'ReceiptHandleIsInvalid: The input receipt handle "nonsense" is not a valid receipt handle.',
    );
    expect(code(() => jobs.changeVisibility(handle, 43_201))).toContain(
      "InvalidParameterValue: Value 43201 for parameter VisibilityTimeout",
    );
    clock.advance(30_000);
    expect(code(() => jobs.changeVisibility(handle, 10))).toBe(
      "MessageNotInflight: The specified message is not in flight.",
    );
  });
});
