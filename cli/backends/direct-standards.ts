import { CREATION_REFUSALS } from "#shared/api/creation-refusals.ts";
import { fromNext, toNext } from "#shared/api/next.ts";
import { ApiError, type ProblemCode } from "#shared/api/problem.ts";
import { MOST_PER_PAGE } from "#shared/api/requests.ts";
import { ensureRepository } from "#shared/standards/ensure-repository.ts";
import { listStandards } from "#shared/standards/list-standards.ts";
import { showRepository } from "#shared/standards/show-repository.ts";
import { shownEnsured } from "#shared/standards/shown-ensured.ts";
import { type SweepPosition, type SweepResult, sweepRepositories } from "#shared/standards/sweep-repositories.ts";
import type { Applied, Backend, Plan } from "./backend.ts";
import type { DirectDeps } from "./direct-deps.ts";
import { keepingObserver } from "./watcher.ts";

/** Repositories and their standards, with the caller's own credentials. */
export function directStandards(deps: DirectDeps) {
  const { policy, remainingMs, now, signal } = deps;
  const looking = { ecr: deps.ecr, policy, now };

  async function ensure(name: string): ReturnType<Backend["ensure"]> {
    // Who calls is not asked: owner tags are given by create-repository, which learns it from CloudTrail.
    const ensured = await ensureRepository(looking, { name, owner: undefined });
    if (ensured.outcome !== "refused") return shownEnsured(name, ensured);
    const code: ProblemCode = CREATION_REFUSALS[ensured.rule];
    throw new ApiError(code, ensured.reason, { rule: ensured.rule });
  }

  async function show(name: string) {
    const details = await showRepository(looking, name);
    if (details !== undefined) return details;
    throw new ApiError("repository-unknown", `there is no repository '${name}' in this registry`);
  }

  async function plan(repository: string | undefined, next: string | undefined): Promise<Plan> {
    const { observer } = keepingObserver(deps.watcher);
    const position = next === undefined ? undefined : (fromNext(next) as SweepPosition);
    const sweeping = { ...looking, ecr: deps.sweepingEcr, observer };
    const result = await sweepRepositories(sweeping, { mode: "plan", position, repository }, remainingMs);
    if (repository !== undefined && result.counts.gone > 0) await show(repository);
    const { counts, plans, next: goesOn } = result;
    return { of: "standards", counts: { ...counts }, repositories: plans, ...(goesOn && { next: toNext(goesOn) }) };
  }

  async function apply(): Promise<Applied> {
    const { observer, decisions } = keepingObserver(deps.watcher);
    let result: SweepResult | undefined;
    do {
      signal.throwIfAborted();
      const sweeping = { ...looking, ecr: deps.sweepingEcr, observer };
      result = await sweepRepositories(sweeping, { mode: "apply", position: result?.next }, remainingMs);
    } while (result.next !== undefined);
    return { requested: "standards", counts: { ...result.counts }, decisions };
  }

  const list: Backend["listRepositories"] = ({ filter, next }) =>
    listStandards(looking, { filter, limit: MOST_PER_PAGE, from: next });

  return { ensure, show, plan, apply, list };
}
