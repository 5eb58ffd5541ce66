import type { MessageAttribute, ReceivedMessage } from "./message.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html, "Example standard queue message event". */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
  readonly md5OfBody: string;
  readonly eventSource: "aws:sqs";
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

/** The event that Lambda hands to a function for these messages. */
export function toSqsEvent(messages: readonly ReceivedMessage[], queueArn: string): SqsEvent {
  return {
    Records: messages.map((message) => ({
      messageId: message.messageId,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: message.attributes,
      messageAttributes: Object.fromEntries(
        Object.entries(message.messageAttributes).map(([name, attribute]) => [name, lambdaAttribute(attribute)]),
      ),
      md5OfBody: message.md5OfBody,
      eventSource: "aws:sqs",
      eventSourceARN: queueArn,
      awsRegion: queueArn.split(":")[3] ?? "",
    })),
  };
}

function lambdaAttribute({ DataType, StringValue, BinaryValue }: MessageAttribute): Record<string, unknown> {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/** Payload of one invocation, in bytes (Lambda quotas: 6 MB). */
const LARGEST_EVENT = 6 * 1024 * 1024;

/** The messages in parts that each fit into one invocation, in order. */
export function splitByPayload(messages: readonly ReceivedMessage[], queueArn: string): ReceivedMessage[][] {
  const parts: ReceivedMessage[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const size = Buffer.byteLength(JSON.stringify(toSqsEvent([message], queueArn)));
    if (bytes + size > LARGEST_EVENT) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(message);
    bytes += size;
  }
  return parts;
}
