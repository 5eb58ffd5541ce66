/** ChangeMessageVisibility. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
import { integer, string, structure } from "../../aws/constraints.ts";
import type { Operation } from "../../aws/operation.ts";
import type { Queues } from "../queues.ts";
import { type QueueInput, queueOf, queueResource, queueUrl, required } from "./queue-input.ts";

interface Input extends QueueInput {
  readonly ReceiptHandle?: string;
  readonly VisibilityTimeout?: number;
}

export function changeMessageVisibility(queues: Queues): Operation<Input> {
  return {
    name: "ChangeMessageVisibility",
    readOnly: false,
    input: structure({ QueueUrl: queueUrl, ReceiptHandle: string(), VisibilityTimeout: integer() }),
    resources: queueResource,
    async run(input) {
      const queue = queueOf(queues, input);
      const receiptHandle = required("ReceiptHandle", input.ReceiptHandle);
      queue.changeVisibility(receiptHandle, required("VisibilityTimeout", input.VisibilityTimeout));
      return {};
    },
  };
}
