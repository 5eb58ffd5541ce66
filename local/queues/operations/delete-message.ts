/** DeleteMessage. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html */
import { string, structure } from "../../aws/constraints.ts";
import type { Operation } from "../../aws/operation.ts";
import type { Queues } from "../queues.ts";
import { type QueueInput, queueOf, queueResource, queueUrl, required } from "./queue-input.ts";

interface Input extends QueueInput {
  readonly ReceiptHandle?: string;
}

export function deleteMessage(queues: Queues): Operation<Input> {
  return {
    name: "DeleteMessage",
    readOnly: false,
    input: structure({ QueueUrl: queueUrl, ReceiptHandle: string() }),
    resources: queueResource,
    async run(input) {
      const queue = queueOf(queues, input);
      queue.delete(required("ReceiptHandle", input.ReceiptHandle));
      return {};
    },
  };
}
