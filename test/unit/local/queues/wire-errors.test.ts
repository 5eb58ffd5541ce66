import { describe, expect, it } from "vitest";
import { send } from "../api-gateway/signed-request.ts";
import { startSqs, url } from "./start-sqs.ts";

const jobs = { QueueUrl: url("jobs") };

describe("a refusal of SQS", () => {
  const shared = "com.amazon.coral.service#InvalidParameterValueException";
  const missing = "com.amazon.coral.service#MissingRequiredParameterException";
  const value = "InvalidParameterValue;Sender";

  it.each([
    [
      "GetQueueAttributes",
      { QueueUrl: url("gone") },
      400,
      "com.amazonaws.sqs#QueueDoesNotExist",
      "AWS.SimpleQueueService.NonExistentQueue;Sender",
      "The specified queue does not exist.",
    ],
    [
      "GetQueueUrl",
      { QueueName: "gone" },
      400,
      "com.amazonaws.sqs#QueueDoesNotExist",
      "AWS.SimpleQueueService.NonExistentQueue;Sender",
      "The specified queue does not exist.",
    ],
    [
      "ReceiveMessage",
      { QueueUrl: "jobs" },
      404,
      "com.amazonaws.sqs#InvalidAddress",
      "InvalidAddress;Sender",
      "The address jobs is not valid for this endpoint.",
    ],
    ["SendMessage", {}, 400, missing, "MissingParameter;Sender", "The request must contain the parameter QueueUrl."],
    [
      "SendMessage",
      jobs,
      400,
      missing,
      "MissingParameter;Sender",
      "The request must contain the parameter MessageBody.",
    ],
    [
      "SendMessageBatch",
      { ...jobs, Entries: [] },
      400,
      "com.amazonaws.sqs#EmptyBatchRequest",
      "AWS.SimpleQueueService.EmptyBatchRequest;Sender",
      "There should be at least one SendMessageBatchRequestEntry in the request.",
    ],
    [
      "DeleteMessageBatch",
      { ...jobs, Entries: [{ Id: "a:b", ReceiptHandle: "x" }] },
      400,
      "com.amazonaws.sqs#InvalidBatchEntryId",
      "AWS.SimpleQueueService.InvalidBatchEntryId;Sender",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    ],
    [
      "DeleteMessage",
      { ...jobs, ReceiptHandle: "x" },
      404,
      "com.amazonaws.sqs#ReceiptHandleIsInvalid",
      "ReceiptHandleIsInvalid;Sender",
      'The input receipt handle "x" is not a valid receipt handle.',
    ],
    [
      "ReceiveMessage",
      { ...jobs, MaxNumberOfMessages: 11 },
      400,
      shared,
      value,
      "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    ],
    [
      "ReceiveMessage",
      { ...jobs, WaitTimeSeconds: 21 },
      400,
      shared,
      value,
      "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
    ],
    [
      "GetQueueAttributes",
      { ...jobs, AttributeNames: ["Colour"] },
      400,
      "com.amazonaws.sqs#InvalidAttributeName",
      "InvalidAttributeName;Sender",
      "Unknown Attribute Colour.",
    ],
    ["ListQueues", { NextToken: "x" }, 400, shared, value, "Invalid or expired next token."],
  ])("of %s %j has its type, its older code and its text", async (operation, input, ...told) => {
    const sqs = await startSqs();

    expect(await sqs.refused(operation, input)).toEqual(told);
    expect(sqs.defects).toEqual([]);
  });

  it("says who may not do what on which queue", async () => {
    const sqs = await startSqs({
      statements: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:123456789012:jobs" }],
    });

    const sent = await sqs.ok("SendMessageBatch", { ...jobs, Entries: [{ Id: "a", MessageBody: "a" }] });
    const refused = await sqs.refused("ReceiveMessage", { QueueUrl: url("gone") });

    expect(sent.Successful).toHaveLength(1);
    expect(refused).toEqual([
      403,
      "com.amazon.coral.service#AccessDeniedException",
      "AccessDenied;Sender",
      "User: arn:aws:sts::123456789012:assumed-role/governor/session is not authorized to perform: sqs:receivemessage on resource: arn:aws:sqs:eu-west-1:123456789012:gone because no identity-based policy allows the sqs:receivemessage action",
    ]);
  });

  it("leaves an error that SQS has no other name for as it is", async () => {
    const sqs = await startSqs();

    const { headers, body } = await send(sqs.endpoint, {
      method: "POST",
      headers: { "x-amz-target": "AmazonSQS.SendMessage" },
    });

    expect(JSON.parse(body.toString()).__type).toBe("MissingAuthenticationTokenException");
    expect(headers["x-amzn-query-error"]).toBeUndefined();
  });
});
