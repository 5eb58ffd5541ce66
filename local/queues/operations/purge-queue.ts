/** PurgeQueue. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html */
import { AwsError } from "../../aws/call.ts";
import { structure } from "../../aws/constraints.ts";
import type { Operation } from "../../aws/operation.ts";
import type { Queues } from "../queues.ts";
import { type QueueInput, queueOf, queueResource, queueUrl } from "./queue-input.ts";

const BETWEEN_MS = 60_000;

/** Deletes all messages, at once. Error: PurgeQueueInProgress within 60 seconds of the last purge (recorded text). */
export function purgeQueue(queues: Queues): Operation<QueueInput> {
  const lastPurge = new Map<string, number>();
  return {
    name: "PurgeQueue",
    readOnly: false,
    input: structure({ QueueUrl: queueUrl }),
    resources: queueResource,
    async run(input, { account }) {
      const queue = queueOf(queues, input);
      const { arn, name } = queue.definition;
      const now = account.clock().getTime();
      if (now - (lastPurge.get(arn) ?? Number.NEGATIVE_INFINITY) < BETWEEN_MS) {
        const message = `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`;
        throw new AwsError("PurgeQueueInProgress", message);
      }
      lastPurge.set(arn, now);
      queue.purge();
      return {};
    },
  };
}
