/** The queues of the local account, wired to their dead-letter queues. */
import { randomUUID } from "node:crypto";
import { AwsError } from "../aws/call.ts";
import { type Clock, createSystemClock } from "../events/clock.ts";
import type { LocalQueue } from "../template/local-template.ts";
import { queueDoesNotExist } from "./checks.ts";
import { createQueue } from "./create-queue.ts";
import type { Queue, QueueCounts } from "./queue.ts";

export interface QueuesOptions {
  readonly queues: readonly LocalQueue[];
  /** Default: the real time, with timers that keep no process alive. */
  readonly clock?: Clock;
  /** Told after every change of a queue. */
  readonly onChange?: (queue: LocalQueue, counts: QueueCounts) => void;
}

export interface MoveTask {
  readonly taskHandle: string;
  readonly moved: number;
  /** Messages that no queue of ours gave up, and that stay where they are: events that a rule could not deliver. */
  readonly left: number;
}

export interface Queues {
  /** By ARN, URL or name. Error: QueueDoesNotExist. */
  get(arnOrUrlOrName: string): Queue;
  list(): readonly Queue[];
  /**
   * StartMessageMoveTask: moves what is visible in a dead-letter queue back to where each message came from, or to `destinationArn`. The
   * messages count as new: new id, new sending time, no receives (SQS developer guide, "Configure a dead-letter queue redrive").
   * Done at once, where SQS takes its time. Errors: ResourceNotFoundException; InvalidParameterValue for a queue that is no dead-letter queue.
   */
  startMoveTask(request: { readonly sourceArn: string; readonly destinationArn?: string }): MoveTask;
  close(): void;
}

/** Error: a dead-letter queue that is not among the queues. */
export function createQueues({ queues, clock = createSystemClock(), onChange = () => {} }: QueuesOptions): Queues {
  const byArn = new Map<string, Queue>();
  for (const definition of queues) {
    const { redrive, arn } = definition;
    if (redrive !== undefined && !queues.some((other) => other.arn === redrive.deadLetterArn)) {
      throw new Error(`queue '${definition.name}': there is no dead-letter queue ${redrive.deadLetterArn}`);
    }
    const queue = createQueue(definition, {
      clock,
      deadLetters: () => (redrive === undefined ? undefined : byArn.get(redrive.deadLetterArn)),
      onChange: (counts) => onChange(definition, counts),
    });
    byArn.set(arn, queue);
  }

  function existing(arn: string): Queue {
    const queue = byArn.get(arn);
    if (queue !== undefined) return queue;
    throw new AwsError(
      "ResourceNotFoundException",
      "The resource that you specified for the SourceArn parameter doesn't exist.",
    );
  }

  return {
    list: () => [...byArn.values()],
    get(name) {
      const queue = [...byArn.values()].find(
        ({ definition }) => [definition.arn, definition.name].includes(name) || isUrlOf(definition, name),
      );
      if (queue === undefined) throw queueDoesNotExist();
      return queue;
    },
    startMoveTask({ sourceArn, destinationArn }) {
      const source = existing(sourceArn);
      if (!queues.some(({ redrive }) => redrive?.deadLetterArn === sourceArn)) {
        throw new AwsError("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.");
      }
      const destination = destinationArn === undefined ? undefined : existing(destinationArn);
      let moved = 0;
      let left = 0;
      for (const message of source.takeVisible()) {
        const target = destination ?? byArn.get(message.deadLetterSource ?? "");
        if (target === undefined) {
          source.accept(message);
          left += 1;
          continue;
        }
        const sentAt = clock.now().getTime();
        target.accept({
          ...message,
          id: randomUUID(),
          sentAt,
          visibleAt: sentAt,
          deadLetterSource: undefined,
          receiveCount: 0,
          firstReceivedAt: undefined,
          receiptHandle: undefined,
        });
        moved += 1;
      }
      return {
        taskHandle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn })).toString("base64"),
        moved,
        left,
      };
    },
    close() {
      for (const queue of byArn.values()) queue.close();
    },
  };
}

/** A queue's URL counts by its path: how the account was reached does not matter. */
function isUrlOf({ url }: LocalQueue, told: string): boolean {
  return URL.canParse(told) && told.startsWith("http") && new URL(told).pathname === new URL(url).pathname;
}
