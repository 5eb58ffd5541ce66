import { ApiError } from "#shared/api/problem.ts";
import { MOST_PER_PAGE } from "#shared/api/requests.ts";
import { createQueueClient } from "#shared/messaging/clients.ts";
import { lookAtDeadLetters, replayAll, replayDeadLetter } from "#shared/messaging/dead-letters.ts";
import { findQueues } from "#shared/messaging/find-queues.ts";
import { UsageError } from "../usage-error.ts";
import type { Backend } from "./backend.ts";

/** The dead letters of a stack, found by its name. */
export function directDeadLetters(stack: string): Pick<Backend, "deadLetters" | "replay" | "replayAll"> {
  const sqs = createQueueClient();

  async function queues() {
    const found = await findQueues(sqs, stack);
    if (found.length > 0) return found;
    throw new UsageError(
      `no queues of a stack ${stack} are in this account and Region; give --stack NAME, or --region NAME`,
    );
  }

  return {
    async deadLetters() {
      const looks = (await queues()).map((queue) => lookAtDeadLetters(sqs, queue, MOST_PER_PAGE));
      const found = (await Promise.all(looks)).flat();
      const sorted = found.sort((one, other) => ((one.sentAt ?? "") < (other.sentAt ?? "") ? -1 : 1));
      return { deadLetters: sorted.slice(0, MOST_PER_PAGE), more: sorted.length > MOST_PER_PAGE };
    },
    async replay(id) {
      const replays = await Promise.allSettled((await queues()).map((queue) => replayDeadLetter(sqs, queue, id)));
      for (const replay of replays) {
        if (replay.status === "fulfilled" && replay.value !== undefined) return { replayed: replay.value };
      }
      // It may be in the queue that could not be looked at.
      for (const replay of replays) if (replay.status === "rejected") throw replay.reason;
      const detail = `no dead letter has the id ${JSON.stringify(id.slice(0, 100))}; a look of somebody else may hide it for some seconds`;
      throw new ApiError("dead-letter-unknown", detail);
    },
    async replayAll() {
      const tasks = (await queues()).map(async (queue) => ({
        function: queue.function,
        task: await replayAll(sqs, queue),
      }));
      return { tasks: await Promise.all(tasks) };
    },
  };
}
