/** SQS as the endpoint serves it, in AWS JSON 1.0. */
import type { Operation, Service } from "../aws/operation.ts";
import { createMoveTasks } from "./move-tasks.ts";
import { changeMessageVisibility } from "./operations/change-message-visibility.ts";
import { deleteMessage } from "./operations/delete-message.ts";
import { deleteMessageBatch } from "./operations/delete-message-batch.ts";
import { getQueueAttributes } from "./operations/get-queue-attributes.ts";
import { getQueueUrl } from "./operations/get-queue-url.ts";
import { listMessageMoveTasks } from "./operations/list-message-move-tasks.ts";
import { listQueues } from "./operations/list-queues.ts";
import type { TraceOf } from "./operations/outgoing.ts";
import { purgeQueue } from "./operations/purge-queue.ts";
import { receiveMessage } from "./operations/receive-message.ts";
import { sendMessage } from "./operations/send-message.ts";
import { sendMessageBatch } from "./operations/send-message-batch.ts";
import { startMessageMoveTask } from "./operations/start-message-move-task.ts";
import type { Queues } from "./queues.ts";
import { tellSqsError } from "./wire-errors.ts";

/**
 * The wire calls on these queues. Queues come from the template: none is made, changed or deleted here. `traceOf`: see operations/outgoing.ts.
 */
export function createSqsService(queues: Queues, traceOf: TraceOf = () => undefined): Service {
  const tasks = createMoveTasks();
  const operations: readonly Operation[] = [
    changeMessageVisibility(queues),
    deleteMessage(queues),
    deleteMessageBatch(queues),
    getQueueAttributes(queues),
    getQueueUrl(queues),
    listMessageMoveTasks(queues, tasks),
    listQueues(queues),
    purgeQueue(queues),
    receiveMessage(queues),
    sendMessage(queues, traceOf),
    sendMessageBatch(queues, traceOf),
    startMessageMoveTask(queues, tasks),
  ];
  return {
    name: "sqs",
    targetPrefix: "AmazonSQS",
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    tell: tellSqsError,
  };
}
