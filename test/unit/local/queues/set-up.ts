import { AwsError } from "../../../../local/aws/call.ts";
import { createManualClock } from "../../../../local/events/clock.ts";
import type { Queue } from "../../../../local/queues/queue.ts";
import { createQueues } from "../../../../local/queues/queues.ts";
import type { LocalQueue } from "../../../../local/template/local-template.ts";

export function definition(name: string, members: Partial<LocalQueue> = {}): LocalQueue {
  return {
    logicalId: name,
    name,
    arn: `arn:aws:sqs:eu-west-1:123456789012:${name}`,
    url: `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`,
    visibilityTimeoutSeconds: 30,
    retentionSeconds: 345_600,
    delaySeconds: 0,
    receiveWaitSeconds: 0,
    maximumMessageBytes: 1_048_576,
    policy: [],
    ...members,
  };
}

/** Queue `jobs`, whose messages go to `dead` after two receives, and a clock that stands still. */
export function setUp(members: Partial<LocalQueue> = {}) {
  const clock = createManualClock();
  const changes: string[] = [];
  const dead = definition("dead");
  const jobs = definition("jobs", { redrive: { deadLetterArn: dead.arn, maxReceiveCount: 2 }, ...members });
  const queues = createQueues({
    queues: [jobs, dead],
    clock,
    onChange: ({ name }, { visible, inFlight, delayed }) => changes.push(`${name} ${visible}/${inFlight}/${delayed}`),
  });
  return { clock, changes, queues, jobs: queues.get("jobs"), dead: queues.get("dead") };
}

/** Bodies of what is received now, at most ten. */
export async function bodies(queue: Queue): Promise<string[]> {
  return (await queue.receive({ maxMessages: 10 })).map(({ body }) => body);
}

/** Code and message of the AwsError that this raises. */
export const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "no error";
};
