/** SendMessageBatch. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
import { list, string, structure } from "../../aws/constraints.ts";
import type { Operation } from "../../aws/operation.ts";
import { checkBatch } from "../checks.ts";
import type { OutgoingMessage } from "../message.ts";
import type { BatchFailure } from "../queue.ts";
import type { Queues } from "../queues.ts";
import { type BatchEntry, batchAnswer, checkedEntries, entryFailure } from "./batch.ts";
import { type MessageInput, messageMembers, outgoing, sentMembers, type TraceOf, traced } from "./outgoing.ts";
import { type QueueInput, queueOf, queueResource, queueUrl } from "./queue-input.ts";

interface Input extends QueueInput {
  readonly Entries?: readonly (BatchEntry & MessageInput)[];
}

/** Allowed by sqs:SendMessage, as the developer guide says of the batch actions. */
export function sendMessageBatch(queues: Queues, traceOf: TraceOf): Operation<Input> {
  return {
    name: "SendMessageBatch",
    action: "sqs:SendMessage",
    readOnly: false,
    input: structure({ QueueUrl: queueUrl, Entries: list(structure({ Id: string(), ...messageMembers })) }),
    resources: queueResource,
    async run(input, { identity }) {
      const queue = queueOf(queues, input);
      const failed: BatchFailure[] = [];
      const messages: (OutgoingMessage & { readonly id: string })[] = [];
      for (const entry of checkedEntries("SendMessageBatchRequestEntry", input.Entries)) {
        try {
          messages.push({ id: entry.id, ...outgoing(entry, identity) });
        } catch (error) {
          failed.push(entryFailure(entry.id, error));
        }
      }
      // Ids were looked at; now the bytes of all together, before any of them is sent.
      if (messages.length > 0) checkBatch(messages);

      const successful: Record<string, unknown>[] = [];
      for (const { id, ...message } of messages) {
        try {
          successful.push({ Id: id, ...sentMembers(queue.send(traced(message, identity, traceOf)), message) });
        } catch (error) {
          failed.push(entryFailure(id, error));
        }
      }
      return batchAnswer(successful, failed);
    },
  };
}
