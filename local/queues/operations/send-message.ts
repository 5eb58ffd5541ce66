/** SendMessage. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
import { structure } from "../../aws/constraints.ts";
import type { Operation } from "../../aws/operation.ts";
import type { Queues } from "../queues.ts";
import { type MessageInput, messageMembers, outgoing, sentMembers, type TraceOf, traced } from "./outgoing.ts";
import { type QueueInput, queueOf, queueResource, queueUrl, required } from "./queue-input.ts";

export function sendMessage(queues: Queues, traceOf: TraceOf): Operation<QueueInput & MessageInput> {
  return {
    name: "SendMessage",
    readOnly: false,
    input: structure({ QueueUrl: queueUrl, ...messageMembers }),
    resources: queueResource,
    async run(input, { identity }) {
      const queue = queueOf(queues, input);
      required("MessageBody", input.MessageBody);
      const message = outgoing(input, identity);
      return sentMembers(queue.send(traced(message, identity, traceOf)), message);
    },
  };
}
