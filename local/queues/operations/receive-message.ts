/** ReceiveMessage. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
import { AwsError } from "../../aws/call.ts";
import { integer, list, string, structure } from "../../aws/constraints.ts";
import type { Operation } from "../../aws/operation.ts";
import type { ReceivedMessage } from "../message.ts";
import { md5OfAttributes, selectAttributes } from "../message-attributes.ts";
import type { Queues } from "../queues.ts";
import { type QueueInput, queueOf, queueResource, queueUrl } from "./queue-input.ts";

interface Input extends QueueInput {
  readonly AttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly MessageAttributeNames?: readonly string[];
  readonly MaxNumberOfMessages?: number;
  readonly VisibilityTimeout?: number;
  readonly WaitTimeSeconds?: number;
}

/** MessageSystemAttributeName of the API model; those of FIFO queues are known and never there. */
const systemAttributes = [
  "All",
  "SenderId",
  "SentTimestamp",
  "ApproximateReceiveCount",
  "ApproximateFirstReceiveTimestamp",
  "SequenceNumber",
  "MessageDeduplicationId",
  "MessageGroupId",
  "AWSTraceHeader",
  "DeadLetterQueueSourceArn",
];

/** Every server is asked, as a long poll does; a short poll on AWS may miss messages that are there. */
export function receiveMessage(queues: Queues): Operation<Input> {
  return {
    name: "ReceiveMessage",
    readOnly: false,
    input: structure({
      QueueUrl: queueUrl,
      AttributeNames: list(string()),
      MessageSystemAttributeNames: list(string()),
      MessageAttributeNames: list(string()),
      MaxNumberOfMessages: integer(),
      VisibilityTimeout: integer(),
      WaitTimeSeconds: integer(),
    }),
    resources: queueResource,
    async run(input, { signal }) {
      const queue = queueOf(queues, input);
      const { MaxNumberOfMessages, VisibilityTimeout, WaitTimeSeconds } = input;
      const wanted = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
      const unknown = wanted.find((name) => !systemAttributes.includes(name));
      if (unknown !== undefined) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
      checkWait(WaitTimeSeconds);
      const messages = await queue.receive({
        ...(MaxNumberOfMessages === undefined ? {} : { maxMessages: MaxNumberOfMessages }),
        ...(VisibilityTimeout === undefined ? {} : { visibilityTimeoutSeconds: VisibilityTimeout }),
        ...(WaitTimeSeconds === undefined ? {} : { waitSeconds: WaitTimeSeconds }),
        ...(signal === undefined ? {} : { signal }),
      });
      // Left out when there is none (floci #773, aws-sdk-php #2821: changed by AWS after the protocol came).
      if (messages.length === 0) return {};
      return { Messages: messages.map((message) => shown(message, wanted, input.MessageAttributeNames ?? [])) };
    },
  };
}

function shown(message: ReceivedMessage, system: readonly string[], names: readonly string[]): Record<string, unknown> {
  const attributes = Object.entries(message.attributes).filter(
    ([name]) => system.includes("All") || system.includes(name),
  );
  const own = selectAttributes(message.messageAttributes, names);
  const md5 = md5OfAttributes(own);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(attributes.length === 0 ? {} : { Attributes: Object.fromEntries(attributes) }),
    // Of those that are shown, as recorded.
    ...(md5 === undefined ? {} : { MD5OfMessageAttributes: md5, MessageAttributes: own }),
  };
}

/** Seen in public reports with these words, unlike the other ranges. */
function checkWait(seconds: number | undefined): void {
  if (seconds === undefined || (seconds >= 0 && seconds <= 20)) return;
  throw new AwsError(
    "InvalidParameterValue",
    `Value ${seconds} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.`,
  );
}
