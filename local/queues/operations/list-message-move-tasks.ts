/** ListMessageMoveTasks. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html */
import { integer, string, structure } from "../../aws/constraints.ts";
import type { Operation } from "../../aws/operation.ts";
import { checkRange } from "../checks.ts";
import type { EndedMoveTask, MoveTasks } from "../move-tasks.ts";
import type { Queues } from "../queues.ts";
import { required } from "./queue-input.ts";
import { requireQueue } from "./start-message-move-task.ts";

interface Input {
  readonly SourceArn?: string;
  readonly MaxResults?: number;
}

/** The latest task, or up to ten (API reference: the default of MaxResults is 1). */
export function listMessageMoveTasks(queues: Queues, tasks: MoveTasks): Operation<Input> {
  return {
    name: "ListMessageMoveTasks",
    readOnly: true,
    input: structure({ SourceArn: string(), MaxResults: integer() }),
    resources: ({ SourceArn }) => (SourceArn === undefined ? [] : [SourceArn]),
    async run(input) {
      const sourceArn = required("SourceArn", input.SourceArn);
      checkRange("MaxResults", input.MaxResults, [1, 10]);
      requireQueue(queues, "SourceArn", sourceArn);
      const found = tasks.of(sourceArn).slice(0, input.MaxResults ?? 1);
      return found.length === 0 ? {} : { Results: found.map(shown) };
    },
  };
}

/**
 * Members as recorded for tasks that have ended: no TaskHandle. Messages that no queue gave up fail the task on AWS (developer guide,
 * "DLQ redrive troubleshooting"); here those that have a queue to go back to are moved all the same.
 */
function shown(task: EndedMoveTask): Record<string, unknown> {
  const { destinationArn, perSecond, moved, left } = task;
  return {
    Status: left > 0 ? "FAILED" : "COMPLETED",
    SourceArn: task.sourceArn,
    ...(destinationArn === undefined ? {} : { DestinationArn: destinationArn }),
    ...(perSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: perSecond }),
    ApproximateNumberOfMessagesMoved: moved,
    ApproximateNumberOfMessagesToMove: moved + left,
    ...(left > 0 ? { FailureReason: "CouldNotDetermineMessageSource" } : {}),
    StartedTimestamp: task.startedAt.getTime(),
  };
}
