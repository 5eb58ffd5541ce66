/** DeleteMessageBatch. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html */
import { list, string, structure } from "../../aws/constraints.ts";
import type { Operation } from "../../aws/operation.ts";
import type { BatchFailure } from "../queue.ts";
import type { Queues } from "../queues.ts";
import { type BatchEntry, batchAnswer, checkedEntries, entryFailure } from "./batch.ts";
import { type QueueInput, queueOf, queueResource, queueUrl, required } from "./queue-input.ts";

interface Input extends QueueInput {
  readonly Entries?: readonly (BatchEntry & { readonly ReceiptHandle?: string })[];
}

const NAME = "DeleteMessageBatchRequestEntry";

/** Allowed by sqs:DeleteMessage, as the developer guide says of the batch actions. */
export function deleteMessageBatch(queues: Queues): Operation<Input> {
  return {
    name: "DeleteMessageBatch",
    action: "sqs:DeleteMessage",
    readOnly: false,
    input: structure({ QueueUrl: queueUrl, Entries: list(structure({ Id: string(), ReceiptHandle: string() })) }),
    resources: queueResource,
    async run(input) {
      const queue = queueOf(queues, input);
      const successful: Record<string, unknown>[] = [];
      const failed: BatchFailure[] = [];
      for (const [index, { id, ReceiptHandle }] of checkedEntries(NAME, input.Entries).entries()) {
        try {
          queue.delete(required(`${NAME}.${index + 1}.ReceiptHandle`, ReceiptHandle));
          successful.push({ Id: id });
        } catch (error) {
          failed.push(entryFailure(id, error));
        }
      }
      return batchAnswer(successful, failed);
    },
  };
}
