import type { LocalQueue } from "../template/local-template.ts";
import type { QueueCounts } from "./queue.ts";

/** All attributes as GetQueueAttributes gives them: texts, times in epoch seconds (API reference). */
export function queueAttributes(
  definition: LocalQueue,
  { visible, inFlight, delayed }: QueueCounts,
  createdAt: Date,
): Record<string, string> {
  const { redrive, policy } = definition;
  const created = String(Math.floor(createdAt.getTime() / 1000));
  return {
    QueueArn: definition.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
    VisibilityTimeout: String(definition.visibilityTimeoutSeconds),
    MaximumMessageSize: String(definition.maximumMessageBytes),
    MessageRetentionPeriod: String(definition.retentionSeconds),
    DelaySeconds: String(definition.delaySeconds),
    ReceiveMessageWaitTimeSeconds: String(definition.receiveWaitSeconds),
    SqsManagedSseEnabled: "true",
    ...(redrive === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: redrive.deadLetterArn,
            maxReceiveCount: redrive.maxReceiveCount,
          }),
        }),
    ...(policy.length === 0 ? {} : { Policy: JSON.stringify({ Version: "2012-10-17", Statement: policy }) }),
  };
}
