import { checked } from "#shared/api/check.ts";
import { fromNext, nextRefused, toNext } from "#shared/api/next.ts";
import { ApiError } from "#shared/api/problem.ts";
import { BODIES, QUERIES, type Query } from "#shared/api/requests.ts";
import { describeImage } from "#shared/ecr/images.ts";
import { AutopilotError } from "#shared/errors.ts";
import { mirrorRequested } from "#shared/events/mirror-requested.ts";
import { sweepRequested } from "#shared/events/sweep-requested.ts";
import type { ApiCall } from "#shared/lambda/api-call.ts";
import type { ApiAnswer } from "#shared/lambda/api-handler.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import type { MirrorStatePage, MirrorStateRequest } from "#shared/mirror/mirror-state.ts";
import { mirrorSelections, namesRepository } from "#shared/policy/mirror-rules.ts";
import type { RepositoryApiDeps } from "./deps.ts";

/** GET /mirrors: where each tag of a repository stands on ECR Public, as both registries are now. */
export async function getMirrors(deps: RepositoryApiDeps, call: ApiCall, invocation: Invocation): Promise<ApiAnswer> {
  const query = checked(QUERIES.showMirrors, call.query, "query");
  checked(BODIES.nothing, call.body ?? {}, "body");
  const { tag, digest, next } = query;
  if ([tag, digest, next].filter((field) => field !== undefined).length > 1) {
    throw new ApiError("request-invalid", "tag, digest and next each go alone with the repository", { rule: "schema" });
  }
  return { status: 200, body: { repository: query.repository, ...(await mirrorStates(deps, query, invocation)) } };
}

/** A page of states, live. Errors: ApiError `next-refused`; AutopilotError. */
export async function mirrorStates(
  { call }: RepositoryApiDeps,
  { repository, tag, digest, next }: Query<"showMirrors">,
  { signal }: Invocation,
): Promise<Pick<MirrorStatePage, "exists" | "states" | "next">> {
  const from = next === undefined ? undefined : String(Object.values(fromNext(next))[0]);
  const request: MirrorStateRequest = { repository, tag, digest, from };
  try {
    const page = (await call("mirror-status", request, signal)) as MirrorStatePage;
    const goesOn = page.next !== undefined && { next: toNext({ from: page.next }) };
    return { exists: page.exists, states: page.states, ...goesOn };
  } catch (error) {
    throw next !== undefined && isRefusedCall(error) ? nextRefused() : error;
  }
}

/** POST /mirrors: one image, or all that the rules select, is asked of the mirror, whose queue keeps it until it is done. */
export async function postMirrors(deps: RepositoryApiDeps, call: ApiCall): Promise<ApiAnswer> {
  const { policy, ecr, queues, observer } = deps;
  checked(QUERIES.none, call.query, "query");
  const { repository, tag, digest, everything } = checked(BODIES.mirror, call.body, "body");
  const caller = call.caller?.arn;
  if (everything === true && repository === undefined && tag === undefined && digest === undefined) {
    await queues["reconcile-mirrors"].send(sweepRequested(caller));
    observer.decided({ decision: "sweep-requested", of: "mirrors", caller });
    return { status: 202, body: { requested: "everything" } };
  }
  const image = tag !== undefined ? { tag } : digest !== undefined ? { digest } : undefined;
  if (everything !== undefined || repository === undefined || image === undefined || (tag && digest)) {
    const detail = "name a repository with either tag or digest; or give everything: true, alone";
    throw new ApiError("request-invalid", detail, { rule: "schema" });
  }
  requireSelected(policy, repository, tag);
  if ((await describeImage(ecr, repository, image)) === undefined) {
    throw new ApiError("image-unknown", `'${repository}' has no image ${tag ?? digest}, or is not there`);
  }
  await queues["mirror-image"].send(mirrorRequested({ repository, ...image }));
  observer.decided({ decision: "mirror-requested", repository, ...image, caller });
  return { status: 202, body: { requested: { repository, ...image } } };
}

/** What the rules alone can tell is told at once; the mirror decides the rest. Errors: ApiError `not-selected`. */
function requireSelected(policy: RepositoryApiDeps["policy"], repository: string, tag: string | undefined): void {
  if (!namesRepository(policy, repository)) {
    throw new ApiError("not-selected", `no mirror rule names the repository ${repository}`, { rule: "source" });
  }
  if (tag === undefined) return;
  const decision = mirrorSelections(policy, repository, [tag]);
  if ("notSelected" in decision) throw new ApiError("not-selected", decision.notSelected, { rule: "tags" });
  const [impossible] = decision.impossible;
  if (decision.selections.length === 0 && impossible !== undefined) {
    throw new ApiError("not-selected", impossible, { rule: "destination" });
  }
}

/** Whether another function would not take what was sent to it: of all that a caller may have given, only a `next` is not checked here. */
export function isRefusedCall(error: unknown): boolean {
  return error instanceof AutopilotError && error.code === "call-refused";
}
