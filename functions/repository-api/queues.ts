import type { SQSClient } from "@aws-sdk/client-sqs";
import {
  countMessages,
  type DeadLetterQueue,
  lookAtDeadLetters,
  replayAll,
  replayDeadLetter,
} from "#shared/messaging/dead-letters.ts";
import { createQueue, type Queue } from "#shared/messaging/queue.ts";
import type { DeadLetters, Worker } from "./deps.ts";

/** URLs of the stack's queues, by the functions that they feed. */
type QueueUrls = Readonly<Record<string, { readonly url: string; readonly deadLettersUrl: string }>>;

/** The stack's variable QUEUES. */
export function readQueues(json: string): QueueUrls {
  return JSON.parse(json);
}

/** The queues that the API puts work into. Error: one that the stack does not have, at the function's start. */
export function queuesOf(sqs: SQSClient, urls: QueueUrls): Readonly<Record<Worker, Queue>> {
  const of = (worker: Worker): Queue => {
    const found = urls[worker];
    if (found === undefined) throw new Error(`QUEUES has no queue of ${worker}; the stack sets it`);
    return createQueue(sqs, found.url);
  };
  return {
    "mirror-image": of("mirror-image"),
    "reconcile-repositories": of("reconcile-repositories"),
    "reconcile-mirrors": of("reconcile-mirrors"),
    "sync-catalog": of("sync-catalog"),
  };
}

export function deadLettersOf(sqs: SQSClient, urls: QueueUrls): DeadLetters[] {
  return Object.entries(urls).map(([name, { url, deadLettersUrl }]) => {
    const queue: DeadLetterQueue = { function: name, url: deadLettersUrl, sourceUrl: url };
    return {
      function: name,
      look: (most) => lookAtDeadLetters(sqs, queue, most),
      replay: (id) => replayDeadLetter(sqs, queue, id),
      replayAll: () => replayAll(sqs, queue),
      count: () => countMessages(sqs, queue),
    };
  });
}
