/** GetQueueAttributes. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
import { AwsError } from "../../aws/call.ts";
import { list, string, structure } from "../../aws/constraints.ts";
import type { Operation } from "../../aws/operation.ts";
import type { Queues } from "../queues.ts";
import { type QueueInput, queueOf, queueResource, queueUrl } from "./queue-input.ts";

interface Input extends QueueInput {
  readonly AttributeNames?: readonly string[];
}

/** QueueAttributeName of the API model: known, whether this queue has them or not. */
const known = new Set([
  "All",
  "Policy",
  "VisibilityTimeout",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "QueueArn",
  "ApproximateNumberOfMessagesDelayed",
  "DelaySeconds",
  "ReceiveMessageWaitTimeSeconds",
  "RedrivePolicy",
  "FifoQueue",
  "ContentBasedDeduplication",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "DeduplicationScope",
  "FifoThroughputLimit",
  "RedriveAllowPolicy",
  "SqsManagedSseEnabled",
]);

export function getQueueAttributes(queues: Queues): Operation<Input> {
  return {
    name: "GetQueueAttributes",
    readOnly: true,
    input: structure({ QueueUrl: queueUrl, AttributeNames: list(string()) }),
    resources: queueResource,
    async run(input) {
      const queue = queueOf(queues, input);
      const names = input.AttributeNames ?? [];
      const unknown = names.find((name) => !known.has(name));
      if (unknown !== undefined) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
      const found = Object.entries(queue.attributes()).filter(
        ([name]) => names.includes("All") || names.includes(name),
      );
      return found.length === 0 ? {} : { Attributes: Object.fromEntries(found) };
    },
  };
}
