import { checked } from "#shared/api/check.ts";
import { decodedOnce } from "#shared/api/name-in-path.ts";
import { ApiError } from "#shared/api/problem.ts";
import { BODIES, MOST_PER_PAGE, QUERIES } from "#shared/api/requests.ts";
import type { ApiCall } from "#shared/lambda/api-call.ts";
import type { ApiAnswer } from "#shared/lambda/api-handler.ts";
import type { RepositoryApiDeps } from "./deps.ts";

/** GET /dead-letters: what was given up, oldest first. A look hides a message from others for a moment. */
export async function getDeadLetters({ deadLetters }: RepositoryApiDeps, call: ApiCall): Promise<ApiAnswer> {
  const { limit } = checked(QUERIES.listDeadLetters, call.query, "query");
  checked(BODIES.nothing, call.body ?? {}, "body");
  const most = Number(limit ?? MOST_PER_PAGE);
  const found = (await Promise.all(deadLetters.map((queue) => queue.look(most)))).flat();
  const sorted = found.sort((a, b) => ((a.sentAt ?? "") < (b.sentAt ?? "") ? -1 : 1));
  return { status: 200, body: { deadLetters: sorted.slice(0, most), more: sorted.length > most } };
}

/** POST /dead-letters/{id}/replay: back to the queue that it came from. */
export async function replayOne({ deadLetters, observer }: RepositoryApiDeps, call: ApiCall): Promise<ApiAnswer> {
  checked(QUERIES.none, call.query, "query");
  checked(BODIES.nothing, call.body ?? {}, "body");
  const id = decodedOnce(call.parameters.id ?? "");
  const looks = await Promise.allSettled(deadLetters.map((queue) => queue.replay(id)));
  const replayed = looks.map((look) => (look.status === "fulfilled" ? look.value : undefined)).find(Boolean);
  if (replayed !== undefined) {
    const { function: from, kind, repository } = replayed;
    const facts = { function: from, kind, ...(repository !== undefined && { repository }), caller: call.caller?.arn };
    observer.decided({ decision: "dead-letter-replayed", messageId: id, ...facts });
    return { status: 202, body: { replayed } };
  }
  // It may be in the queue that could not be looked at.
  for (const look of looks) if (look.status === "rejected") throw look.reason;
  const detail = `no dead letter has the id ${JSON.stringify(id.slice(0, 100))}; a look of somebody else may hide it for some seconds`;
  throw new ApiError("dead-letter-unknown", detail);
}

/** POST /dead-letters/replay: all of them; SQS itself moves them. */
export async function replayAllOf({ deadLetters, observer }: RepositoryApiDeps, call: ApiCall): Promise<ApiAnswer> {
  checked(QUERIES.none, call.query, "query");
  checked(BODIES.nothing, call.body ?? {}, "body");
  const tasks = await Promise.all(
    deadLetters.map(async (queue) => ({ function: queue.function, task: await queue.replayAll() })),
  );
  observer.decided({ decision: "dead-letter-replayed", all: true, caller: call.caller?.arn });
  return { status: 202, body: { tasks } };
}
