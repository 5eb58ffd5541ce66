import { describe, expect, it } from "vitest";
import { bodies, code, setUp } from "./set-up.ts";

describe("batches", () => {
  it("sends what can be sent, and tells what failed", async () => {
    const { jobs } = setUp();

    const { successful, failed } = jobs.sendBatch([
      { id: "one", body: "a" },
      { id: "two", body: "" },
    ]);

    expect(successful).toEqual([
      { id: "one", messageId: expect.any(String), md5OfBody: "0cc175b9c0f1b6a831c399e269772661" },
    ]);
    expect(failed).toEqual([
      {
        id: "two",
        code: "MissingParameter",
        message: "The request must contain the parameter MessageBody.",
        senderFault: true,
      },
    ]);
    expect(await bodies(jobs)).toEqual(["a"]);
  });

  it.each([
    [[], "EmptyBatchRequest: There should be at least one SendMessageBatchRequestEntry in the request."],
    [
      Array.from({ length: 11 }, (_, id) => ({ id: String(id), body: "x" })),
      "TooManyEntriesInBatchRequest: Maximum number of entries per request are 10. You have sent 11.",
    ],
    [
      [
        { id: "a", body: "x" },
        { id: "a", body: "y" },
      ],
      "BatchEntryIdsNotDistinct: Id a repeated.",
    ],
    [[{ id: "a b", body: "x" }], "InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters"],
    [
      [
        { id: "a", body: "x".repeat(600_000) },
        { id: "b", body: "x".repeat(600_000) },
      ],
      "BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1200000 bytes.",
    ],
  ])("refuses batch %#", (entries, expected) => {
    const { jobs } = setUp();

    expect(code(() => jobs.sendBatch(entries))).toContain(expected);
  });
});

describe("attributes and changes", () => {
  it("gives the attributes as texts", async () => {
    const { jobs } = setUp({ policy: [{ Effect: "Allow" }] });
    jobs.send({ body: "a" });
    jobs.send({ body: "b" });
    jobs.send({ body: "c", delaySeconds: 5 });
    await jobs.receive();

    expect(jobs.attributes()).toEqual({
      QueueArn: "arn:aws:sqs:eu-west-1:123456789012:jobs",
      ApproximateNumberOfMessages: "1",
      ApproximateNumberOfMessagesNotVisible: "1",
      ApproximateNumberOfMessagesDelayed: "1",
      CreatedTimestamp: "1772438400",
      LastModifiedTimestamp: "1772438400",
      VisibilityTimeout: "30",
      MaximumMessageSize: "1048576",
      MessageRetentionPeriod: "345600",
      DelaySeconds: "0",
      ReceiveMessageWaitTimeSeconds: "0",
      SqsManagedSseEnabled: "true",
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead","maxReceiveCount":2}',
      Policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}',
    });
  });

  it("tells every change: visible, in flight, delayed", async () => {
    const { jobs, changes, clock } = setUp();

    jobs.send({ body: "a" });
    const [message] = await jobs.receive();
    clock.advance(30_000);
    jobs.delete(message?.receiptHandle ?? "");

    expect(changes).toEqual(["jobs 1/0/0", "jobs 0/1/0", "jobs 1/0/0", "jobs 0/0/0"]);
  });
});
