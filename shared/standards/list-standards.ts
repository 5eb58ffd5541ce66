import { listRepositories, type PrivateRepository } from "#shared/ecr/repositories.ts";
import { inParallel } from "#shared/pacing/in-parallel.ts";
import type { PlannedChange } from "./plan.ts";
import { governsDocuments } from "./read-state.ts";
import { differencesOf, type ShowDeps, type ShownRepository, shown } from "./show-repository.ts";

export interface ListRequest {
  /** `drifted`: differs from its standard, whatever becomes of that. `mirrored`: a mirror rule names it. */
  readonly filter?: "drifted" | "misnamed" | "mirrored" | undefined;
  /** Most repositories of one answer, 1 to 100. */
  readonly limit: number;
  /** Token of an earlier answer. */
  readonly from?: string | undefined;
}

export interface ListedRepository extends ShownRepository {
  /** With the filter `drifted` alone: for any other they are not looked at. */
  readonly differences?: readonly PlannedChange[];
}

export interface RepositoryList {
  readonly repositories: readonly ListedRepository[];
  /** Where the list goes on; it may, even where this part of it is empty. */
  readonly next?: string;
}

/** What is read of ECR for one answer at most, in pages, while the filter finds nothing. */
const MOST_PAGES = 10;
/** Where a repository costs calls of its own: so many for one answer, and at once. */
const WITH_DOCUMENTS = 25;
const AT_ONCE = 8;

/**
 * A part of all repositories of the registry, beside their standards. A page of ECR's is an answer, since its token leads to no place within
 * one; so an answer holds fewer than `limit` where the filter leaves some out. Writes nothing. Errors: AutopilotError, permanent
 * `ecr-invalid` for a token that ECR does not take.
 */
export async function listStandards(deps: ShowDeps, { filter, limit, from }: ListRequest): Promise<RepositoryList> {
  const isCostly = filter === "drifted" && deps.policy.templates.some(governsDocuments);
  const size = isCostly ? Math.min(limit, WITH_DOCUMENTS) : limit;
  let next = from;
  for (let pages = 1; ; pages += 1) {
    const page = await listRepositories(deps.ecr, { from: next, size });
    next = page.next;
    const repositories =
      filter === "drifted"
        ? await drifted(deps, page.repositories)
        : page.repositories
            .map((one) => shown(deps, one))
            .filter(
              ({ standard, mirrored }) =>
                filter === undefined || (filter === "misnamed" ? standard.outcome === "misnamed" : mirrored),
            );
    if (next === undefined) return { repositories };
    if (repositories.length > 0 || isCostly || pages === MOST_PAGES) return { repositories, next };
  }
}

async function drifted(deps: ShowDeps, page: readonly PrivateRepository[]): Promise<ListedRepository[]> {
  const found = new Map<string, ListedRepository>();
  await inParallel(page, AT_ONCE, async (repository) => {
    const differences = (await differencesOf(deps, repository)) ?? [];
    if (differences.length > 0) found.set(repository.name, { ...shown(deps, repository), differences });
  });
  return page.flatMap(({ name }) => found.get(name) ?? []);
}
