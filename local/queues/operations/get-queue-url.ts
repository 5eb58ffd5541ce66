/** GetQueueUrl. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html */
import { string, structure } from "../../aws/constraints.ts";
import type { Operation } from "../../aws/operation.ts";
import { queueDoesNotExist } from "../checks.ts";
import type { Queues } from "../queues.ts";
import { required } from "./queue-input.ts";

interface Input {
  readonly QueueName?: string;
  readonly QueueOwnerAWSAccountId?: string;
}

export function getQueueUrl(queues: Queues): Operation<Input> {
  return {
    name: "GetQueueUrl",
    readOnly: true,
    input: structure({ QueueName: string(), QueueOwnerAWSAccountId: string() }),
    resources: ({ QueueName, QueueOwnerAWSAccountId }, { region, accountId }) =>
      QueueName === undefined ? [] : [`arn:aws:sqs:${region}:${QueueOwnerAWSAccountId ?? accountId}:${QueueName}`],
    async run({ QueueName }) {
      const name = required("QueueName", QueueName);
      const queue = queues.list().find(({ definition }) => definition.name === name);
      if (queue === undefined) throw queueDoesNotExist();
      return { QueueUrl: queue.definition.url };
    },
  };
}
