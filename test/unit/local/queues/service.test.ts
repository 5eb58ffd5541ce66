import { describe, expect, it, vi } from "vitest";
import { startSqs, url } from "./start-sqs.ts";

const jobs = { QueueUrl: url("jobs") };

describe("SQS over the wire", () => {
  it("takes a message with attributes and gives it out as asked", async () => {
    const sqs = await startSqs();
    const attributes = { Foo: { DataType: "String", StringValue: "Bar" } };
    const trace = { AWSTraceHeader: { DataType: "String", StringValue: "Root=1-a-b" } };

    const sent = await sqs.ok("SendMessage", {
      ...jobs,
      MessageBody: "msg",
      MessageAttributes: attributes,
      MessageSystemAttributes: trace,
    });
    const { Messages } = await sqs.ok("ReceiveMessage", {
      ...jobs,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["ApproximateReceiveCount", "AWSTraceHeader", "SenderId"],
    });

    expect(sent).toEqual({
      MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      MD5OfMessageBody: "6e2baaf3b97dbeef01c0043275f9a0e7",
      MD5OfMessageAttributes: "ae7155c6026991b6d54b11589678bf9c",
      MD5OfMessageSystemAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(Messages).toEqual([
      {
        MessageId: sent.MessageId,
        ReceiptHandle: expect.any(String),
        MD5OfBody: "6e2baaf3b97dbeef01c0043275f9a0e7",
        Body: "msg",
        Attributes: {
          ApproximateReceiveCount: "1",
          AWSTraceHeader: "Root=1-a-b",
          SenderId: expect.stringMatching(/^AIDA[0-9A-F]{17}$/),
        },
        MD5OfMessageAttributes: "ae7155c6026991b6d54b11589678bf9c",
        MessageAttributes: attributes,
      },
    ]);
  });

  it("answers in AWS JSON 1.0, and leaves Messages out when there is none", async () => {
    const sqs = await startSqs();

    const { headers, body } = await sqs.call("ReceiveMessage", jobs);

    expect(headers["content-type"]).toBe("application/x-amz-json-1.0");
    expect(body).toEqual({});
  });

  it("waits for a message", async () => {
    const sqs = await startSqs();
    const receiving = vi.spyOn(sqs.jobs, "receive");

    const waiting = sqs.ok("ReceiveMessage", { ...jobs, WaitTimeSeconds: 20 });
    await vi.waitFor(() => expect(receiving).toHaveBeenCalled());
    sqs.jobs.send({ body: "late" });

    expect((await waiting).Messages).toMatchObject([{ Body: "late" }]);
  });

  it("waits no longer for a caller who has gone", async () => {
    const sqs = await startSqs();
    const receiving = vi.spyOn(sqs.jobs, "receive");
    const gone = new AbortController();

    const waiting = sqs.call("ReceiveMessage", { ...jobs, WaitTimeSeconds: 20 }, gone.signal);
    await vi.waitFor(() => expect(receiving).toHaveBeenCalled());
    gone.abort();
    await expect(waiting).rejects.toThrow("aborted");
    await vi.waitFor(() => expect(sqs.trail).toMatchObject([{ call: { operation: "ReceiveMessage" }, response: {} }]));
    sqs.jobs.send({ body: "late" });

    expect(sqs.jobs.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  it("changes visibility and deletes by the handle of the last receive", async () => {
    const sqs = await startSqs();
    sqs.jobs.send({ body: "one" });
    const receive = async () => (await sqs.ok("ReceiveMessage", jobs)).Messages?.[0].ReceiptHandle;
    const first = await receive();
    await sqs.ok("ChangeMessageVisibility", { ...jobs, ReceiptHandle: first, VisibilityTimeout: 0 });
    const second = await receive();

    await sqs.ok("DeleteMessage", { ...jobs, ReceiptHandle: first });
    expect(sqs.jobs.counts().inFlight).toBe(1);
    await sqs.ok("DeleteMessage", { ...jobs, ReceiptHandle: second });
    expect(sqs.jobs.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it("tells the entries of a batch that it took, and those that it did not", async () => {
    const sqs = await startSqs();
    const sent = await sqs.ok("SendMessageBatch", {
      ...jobs,
      Entries: [
        { Id: "good", MessageBody: "a" },
        { Id: "late", MessageBody: "b", DelaySeconds: 901 },
        { Id: "typed", MessageBody: "c", MessageAttributes: { x: { DataType: "Date", StringValue: "1" } } },
      ],
    });
    const { Messages } = await sqs.ok("ReceiveMessage", { ...jobs, MaxNumberOfMessages: 10 });
    const deleted = await sqs.ok("DeleteMessageBatch", {
      ...jobs,
      Entries: [
        { Id: "good", ReceiptHandle: Messages[0].ReceiptHandle },
        { Id: "fake", ReceiptHandle: "fake" },
      ],
    });

    expect(sent.Successful).toMatchObject([{ Id: "good", MD5OfMessageBody: "0cc175b9c0f1b6a831c399e269772661" }]);
    expect(sent.Failed).toMatchObject([
      { Id: "typed", Code: "InvalidParameterValue", SenderFault: true },
      {
        Id: "late",
        Code: "InvalidParameterValue",
        SenderFault: true,
        Message: "Value 901 for parameter DelaySeconds is invalid. Reason: Must be between 0 and 900, if provided.",
      },
    ]);
    expect(deleted).toEqual({
      Successful: [{ Id: "good" }],
      Failed: [
        {
          Id: "fake",
          Code: "ReceiptHandleIsInvalid",
          SenderFault: true,
          Message: 'The input receipt handle "fake" is not a valid receipt handle.',
        },
      ],
    });
  });

  it("gives the attributes that were asked for", async () => {
    const sqs = await startSqs();
    sqs.jobs.send({ body: "one" });

    const some = await sqs.ok("GetQueueAttributes", {
      ...jobs,
      AttributeNames: ["ApproximateNumberOfMessages", "RedrivePolicy", "KmsMasterKeyId"],
    });
    const all = await sqs.ok("GetQueueAttributes", { ...jobs, AttributeNames: ["All"] });

    expect(some).toEqual({
      Attributes: {
        ApproximateNumberOfMessages: "1",
        RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead","maxReceiveCount":2}',
      },
    });
    expect(all.Attributes).toMatchObject({ VisibilityTimeout: "30", QueueArn: expect.stringMatching(/:jobs$/) });
    expect(await sqs.ok("GetQueueAttributes", jobs)).toEqual({});
  });

  it("lists queues by prefix and in pages", async () => {
    const sqs = await startSqs();

    const first = await sqs.ok("ListQueues", { MaxResults: 1 });
    const second = await sqs.ok("ListQueues", { MaxResults: 1, NextToken: first.NextToken });

    expect(first.QueueUrls).toEqual([url("dead")]);
    expect(second).toEqual({ QueueUrls: [url("jobs")] });
    expect(await sqs.ok("ListQueues", {})).toEqual({ QueueUrls: [url("dead"), url("jobs")] });
    expect(await sqs.ok("ListQueues", { QueueNamePrefix: "j" })).toEqual({ QueueUrls: [url("jobs")] });
    expect(await sqs.ok("ListQueues", { QueueNamePrefix: "none" })).toEqual({});
    expect(await sqs.ok("GetQueueUrl", { QueueName: "dead" })).toEqual({ QueueUrl: url("dead") });
  });

  it("purges everything, what is in flight or delayed too, once a minute", async () => {
    const sqs = await startSqs();
    sqs.jobs.send({ body: "in flight" });
    await sqs.jobs.receive();
    sqs.jobs.send({ body: "one" });
    sqs.jobs.send({ body: "late", delaySeconds: 60 });

    await sqs.ok("PurgeQueue", jobs);
    const again = await sqs.refused("PurgeQueue", jobs);
    sqs.clock.advance(60_000);

    expect(sqs.jobs.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    expect(again).toEqual([
      403,
      "com.amazonaws.sqs#PurgeQueueInProgress",
      "AWS.SimpleQueueService.PurgeQueueInProgress;Sender",
      "Only one PurgeQueue operation on jobs is allowed every 60 seconds.",
    ]);
    expect(await sqs.ok("PurgeQueue", jobs)).toEqual({});
  });
});
