import { createHash } from "node:crypto";

/** As SQS's API has it; binary values in base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export interface OutgoingMessage {
  readonly body: string;
  readonly messageAttributes?: Readonly<Record<string, MessageAttribute>>;
  /** X-Ray header for the system attribute AWSTraceHeader. */
  readonly traceHeader?: string;
  readonly delaySeconds?: number;
  /** Unique id of the sender for the attribute SenderId. */
  readonly senderId?: string;
}

/** A message as a receiver gets it. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** System attributes: ApproximateReceiveCount, SentTimestamp, AWSTraceHeader … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
}

/** A message as the queue keeps it. Times are milliseconds since the epoch. */
export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
  readonly traceHeader: string | undefined;
  readonly senderId: string;
  readonly sentAt: number;
  /** ARN of the queue that gave it up, on a message in a dead-letter queue. */
  readonly deadLetterSource: string | undefined;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  visibleAt: number;
  /** Handle of the last receive; earlier ones count no more. */
  receiptHandle: string | undefined;
}

export function md5(text: string): string {
  return createHash("md5").update(text, "utf8").digest("hex");
}

/** Bytes that count towards the size limit: body, and name, type and value of each attribute (SQS developer guide, "Message quotas"). */
export function messageBytes({ body, messageAttributes = {} }: OutgoingMessage): number {
  const attributes = Object.entries(messageAttributes).map(
    ([name, { DataType, StringValue = "", BinaryValue = "" }]) =>
      Buffer.byteLength(name + DataType + StringValue) + Buffer.from(BinaryValue, "base64").length,
  );
  return attributes.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(body));
}

/** Characters that a message may not hold; SQS puts U+FFFD in their place (API reference, SendMessage). */
export function withoutInvalidCharacters(body: string): string {
  return body.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd");
}

export function asReceived(message: StoredMessage, receiptHandle: string): ReceivedMessage {
  const { id, body, traceHeader, deadLetterSource } = message;
  return {
    messageId: id,
    receiptHandle,
    body,
    md5OfBody: md5(body),
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      ...(traceHeader === undefined ? {} : { AWSTraceHeader: traceHeader }),
      SentTimestamp: String(message.sentAt),
      ...(deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: deadLetterSource }),
      SenderId: message.senderId,
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    },
    messageAttributes: message.messageAttributes,
  };
}
