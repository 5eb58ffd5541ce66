import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { listPublicRepositories } from "../ecr/public-repositories.ts";
import { possibleDestination } from "../mirror/destinations-of.ts";
import { readSources } from "../mirror/sources-of.ts";
import { inParallel } from "../pacing/in-parallel.ts";
import type { Policy } from "../policy/schema.ts";
import type { CatalogFiles } from "./catalog-files.ts";

export interface SweepPagesDeps {
  readonly ecr: ECRClient;
  readonly publicEcr: ECRPUBLICClient;
  readonly policy: Pick<Policy, "mirror" | "publicRegion">;
  readonly files: Pick<CatalogFiles, "names">;
}

/** DescribeRepositories of ECR Public takes 1,000 (API model, maxResults). */
const PAGE = 1_000;
/** Messages that are sent at once, and between two looks at the clock. */
const AT_ONCE = 10;
const ROUND = 200;
/** Time that must be left for a round, and for the message with the rest. */
const RESERVE_MS = 30_000;

/**
 * Names of the public repositories whose pages are ours, sorted: those that the rules give to a private repository which is there, and
 * those that the catalog names, as far as they are at ECR Public. 1,000 repositories a call on either side, and none without rules and
 * catalog. Where the policy has one Region look after the pages of all, also those that a rule could have given to a private repository of another
 * Region: whether one has is in their tags, which the work on the page reads. Errors: AutopilotError.
 */
export async function pageNames({ ecr, publicEcr, policy, files }: SweepPagesDeps): Promise<string[]> {
  const wanted = new Set([...(await files.names()), ...(await readSources(ecr, policy)).keys()]);
  const isPossible = policy.publicRegion === undefined ? () => false : possibleDestination(policy, () => true);
  const names: string[] = [];
  let from: string | undefined;
  while (wanted.size > 0 || (policy.publicRegion !== undefined && policy.mirror.length > 0)) {
    const page = await listPublicRepositories(publicEcr, { from, size: PAGE });
    names.push(...page.repositories.map(({ name }) => name).filter((name) => wanted.has(name) || isPossible(name)));
    from = page.next;
    if (from === undefined) break;
  }
  return names.sort();
}

/**
 * Asks for each of these pages (sorted) behind `after`. Gives the number of those that were asked for, and where to go on when the time ran
 * short: a page may be asked for twice then, never not at all. Errors: those of `request`.
 */
export async function requestPages(
  request: (name: string) => Promise<void>,
  names: readonly string[],
  { after, remainingMs }: { readonly after: string | undefined; readonly remainingMs: () => number },
): Promise<{ readonly pages: number; readonly next: string | undefined }> {
  const left = names.filter((name) => after === undefined || name > after);
  let last: string | undefined;
  for (let start = 0; start < left.length; start += ROUND) {
    if (last !== undefined && remainingMs() < RESERVE_MS) return { pages: start, next: last };
    const round = left.slice(start, start + ROUND);
    await inParallel(round, AT_ONCE, request);
    last = round.at(-1);
  }
  return { pages: left.length, next: undefined };
}
