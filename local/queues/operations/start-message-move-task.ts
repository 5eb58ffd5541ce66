/** StartMessageMoveTask. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
import { AwsError } from "../../aws/call.ts";
import { integer, string, structure } from "../../aws/constraints.ts";
import type { Operation } from "../../aws/operation.ts";
import { checkRange } from "../checks.ts";
import type { MoveTasks } from "../move-tasks.ts";
import type { Queues } from "../queues.ts";
import { required } from "./queue-input.ts";

interface Input {
  readonly SourceArn?: string;
  readonly DestinationArn?: string;
  readonly MaxNumberOfMessagesPerSecond?: number;
}

/** Done at once, whatever the rate. Errors: MissingParameter, InvalidParameterValue, ResourceNotFoundException (recorded texts). */
export function startMessageMoveTask(queues: Queues, tasks: MoveTasks): Operation<Input> {
  return {
    name: "StartMessageMoveTask",
    readOnly: false,
    input: structure({
      SourceArn: string(),
      DestinationArn: string(),
      MaxNumberOfMessagesPerSecond: integer(),
    }),
    resources: ({ SourceArn }) => (SourceArn === undefined ? [] : [SourceArn]),
    async run(input, { account }) {
      const sourceArn = required("SourceArn", input.SourceArn);
      const { DestinationArn: destinationArn, MaxNumberOfMessagesPerSecond: perSecond } = input;
      checkRange("MaxNumberOfMessagesPerSecond", perSecond, [1, 500]);
      requireQueue(queues, "SourceArn", sourceArn);
      if (destinationArn !== undefined) requireQueue(queues, "DestinationArn", destinationArn);
      const request = { sourceArn, ...(destinationArn === undefined ? {} : { destinationArn }) };
      const { taskHandle, moved, left } = queues.startMoveTask(request);
      tasks.add({ taskHandle, sourceArn, destinationArn, perSecond, moved, left, startedAt: account.clock() });
      return { TaskHandle: taskHandle };
    },
  };
}

/** Error: ResourceNotFoundException, naming the parameter. */
export function requireQueue(queues: Queues, parameter: string, arn: string): void {
  if (queues.list().some(({ definition }) => definition.arn === arn)) return;
  const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
  throw new AwsError("ResourceNotFoundException", message);
}
