import { checked } from "#shared/api/check.ts";
import { decodedOnce, nameInPath } from "#shared/api/name-in-path.ts";
import { fromNext, nextRefused, toNext } from "#shared/api/next.ts";
import { ApiError } from "#shared/api/problem.ts";
import { BODIES, QUERIES } from "#shared/api/requests.ts";
import { sweepRequested } from "#shared/events/sweep-requested.ts";
import type { ApiCall } from "#shared/lambda/api-call.ts";
import type { ApiAnswer } from "#shared/lambda/api-handler.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import type { MirrorPlan } from "#shared/mirror/mirror-plan.ts";
import { plannedDeletions } from "#shared/mirror/planned-deletions.ts";
import { checkRepositoryName } from "#shared/policy/repository-name.ts";
import type { Helper, RepositoryApiDeps } from "./deps.ts";
import { isRefusedCall } from "./mirrors.ts";

/** What a function answers a plan with: parts of its own, and where the plan goes on. */
interface PlanAnswer {
  readonly mode?: unknown;
  readonly next?: object;
  readonly [part: string]: unknown;
}

const PLANNERS: Readonly<Record<"standards" | "mirrors" | "deletions" | "catalog", Helper>> = {
  standards: "reconcile-repositories",
  mirrors: "reconcile-mirrors",
  deletions: "reconcile-mirrors",
  catalog: "sync-catalog",
};

/** What is kept of our time for the way there and back, a cold start of the other function among it. */
const MARGIN_MS = 4_000;

/** POST /plans: what would change, in as much as fits into one answer. Writes nothing. */
export async function postPlans(deps: RepositoryApiDeps, call: ApiCall, invocation: Invocation): Promise<ApiAnswer> {
  checked(QUERIES.none, call.query, "query");
  const { of, repository, next } = checked(BODIES.plan, call.body, "body");
  const position = next === undefined ? undefined : fromNext(next);
  const withinMs = Math.max(1_000, invocation.remainingMs() - MARGIN_MS);
  const payload = { mode: "plan", repository, position, withinMs };
  try {
    const {
      mode: _,
      next: goesOn,
      ...parts
    } = (await deps.call(PLANNERS[of], payload, invocation.signal)) as PlanAnswer;
    const told =
      of === "deletions" ? { deletions: plannedDeletions((parts.mirrors ?? []) as readonly MirrorPlan[]) } : parts;
    return { status: 200, body: { of, ...told, ...(goesOn !== undefined && { next: toNext(goesOn) }) } };
  } catch (error) {
    throw next !== undefined && isRefusedCall(error) ? nextRefused() : error;
  }
}

const SWEEPERS = {
  standards: "reconcile-repositories",
  mirrors: "reconcile-mirrors",
  catalog: "sync-catalog",
} as const;

/** POST /sweeps: as if the hour had come. The function's queue keeps it until it is done. */
export async function postSweeps({ queues, observer }: RepositoryApiDeps, call: ApiCall): Promise<ApiAnswer> {
  checked(QUERIES.none, call.query, "query");
  const { of } = checked(BODIES.sweep, call.body, "body");
  const caller = call.caller?.arn;
  await queues[SWEEPERS[of]].send(sweepRequested(caller));
  observer.decided({ decision: "sweep-requested", of, caller });
  return { status: 202, body: { requested: of } };
}

/** POST /catalog/{name+}: the gallery page of one public repository is brought in step now. */
export async function postCatalog(deps: RepositoryApiDeps, call: ApiCall, invocation: Invocation): Promise<ApiAnswer> {
  checked(QUERIES.none, call.query, "query");
  checked(BODIES.nothing, call.body ?? {}, "body");
  const repository = publicNameInPath(call.parameters.proxy ?? "");
  const withinMs = Math.max(1_000, invocation.remainingMs() - MARGIN_MS);
  const payload = { mode: "apply", repository, withinMs };
  const { mode: _, ...parts } = (await deps.call("sync-catalog", payload, invocation.signal)) as PlanAnswer;
  deps.observer.decided({ decision: "catalog-requested", repository, caller: call.caller?.arn });
  return { status: 200, body: { repository, ...parts } };
}

/** Names of ECR Public are those of ECR but for a few. Errors: ApiError `name-refused`. */
function publicNameInPath(encoded: string): string {
  const name = decodedOnce(encoded);
  const reason = checkRepositoryName(name, "public");
  if (reason === undefined) return name;
  // ECR's own words where it would refuse the name, too.
  nameInPath(encoded);
  throw new ApiError("name-refused", reason, { rule: "service" });
}
