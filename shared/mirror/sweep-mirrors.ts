import type { ECRClient } from "@aws-sdk/client-ecr";
import { describePublicRepository, listPublicRepositories, type PublicRepository } from "../ecr/public-repositories.ts";
import { listPublicRepositoryTags } from "../ecr/public-repository-tags.ts";
import { describeRepository, listRepositories } from "../ecr/repositories.ts";
import { AutopilotError, isPermanent, permanent } from "../errors.ts";
import { namesRepository } from "../policy/mirror-rules.ts";
import { publicSideElsewhere } from "../policy/public-region.ts";
import { destinationsOf, mayDelete, possibleDestination } from "./destinations-of.ts";
import type { MirrorPlan } from "./mirror-plan.ts";
import { type MirrorsCounts, type MirrorsTally, noMirrorsCounts } from "./mirrors-counts.ts";
import { elsewhereSide, goneSide, readPrivateSide } from "./private-side.ts";
import { type MirrorRequest, type ReconcileMirrorDeps, reconcileMirror } from "./reconcile-mirror.ts";
import { sourceAnywhere, sourceOf } from "./source-tag.ts";
import { lookUpSources } from "./sources-of.ts";

/** First all private repositories that rules name, then the public ones whose private repository is gone, or another Region's. */
export type SweepPart = "private" | "orphans";

/** Where a sweep of the mirrors stands: plain data, so that another invocation can go on from it. */
export interface MirrorsPosition {
  readonly part: SweepPart;
  /** Token of the page; undefined for the first. */
  readonly from?: string | undefined;
  /** The last repository of that page, by name, that was looked at. */
  readonly after?: string | undefined;
  readonly counts: MirrorsCounts;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Invocations that have worked on it so far. */
  readonly invocations: number;
  /** The only private repository to look at, and whatever it has left if it is gone. */
  readonly repository?: string | undefined;
}

export interface MirrorsSweepRequest {
  /** `plan` writes nothing and tells nothing: it gives back what `apply` would do. */
  readonly mode: "apply" | "plan";
  /** Undefined for a sweep that begins. */
  readonly position?: MirrorsPosition | undefined;
  /** The only private repository to look at; a position has its own. */
  readonly repository?: string | undefined;
}

export interface MirrorsSweepDeps extends Omit<ReconcileMirrorDeps, "sourcesOf"> {
  readonly ecr: ECRClient;
}

export interface MirrorsSweepResult {
  readonly counts: MirrorsCounts;
  readonly startedAt: string;
  /** In a plan: what would be done for the repositories that were looked at now. */
  readonly plans: readonly MirrorPlan[];
  /** Where to go on, when the time or the answer's room ran short. */
  readonly next?: MirrorsPosition;
}

/** DescribeRepositories of either service takes 1,000 (API models, maxResults). */
const PAGE = 1_000;
/** A hundred invocations look at more repositories than ECR Public takes (10,000): more than that is a sweep that runs in circles. */
const MOST_INVOCATIONS = 100;
/** Failures without one success between them: that is the service, or our role. What ECR refuses as asked is not among them. */
const FAILURES_IN_A_ROW = 20;
/** An answer of Lambda has 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html); a repository more must still fit. */
const ROOM_FOR_PLANS = 2_000_000;

/** Work on one repository of a page, found by its name; undefined where it turns out to be none of ours. */
interface Work {
  readonly name: string;
  readonly request: () => Promise<MirrorRequest | undefined>;
}

/**
 * Holds all mirrors against the policy, one repository after the other, so that memory holds one. A repository that fails is told and
 * does not stop the rest.
 *
 * Ends early, with `next`, when what is left of the time may not do for another repository. Errors: AutopilotError; the last one
 * after 20 failures in a row; permanent `sweep-endless`.
 */
export async function sweepMirrors(
  deps: MirrorsSweepDeps,
  { mode, position, ...request }: MirrorsSweepRequest,
): Promise<MirrorsSweepResult> {
  const { remainingMs, policy } = deps;
  const startedAt = position?.startedAt ?? deps.now().toISOString();
  const repository = position === undefined ? request.repository : position.repository;
  const invocations = (position?.invocations ?? 0) + 1;
  if (invocations > MOST_INVOCATIONS) {
    throw permanent("sweep-endless", `the sweep of ${startedAt} has taken ${MOST_INVOCATIONS} invocations`);
  }
  const round = createRound(deps, mode, { ...noMirrorsCounts(), ...position?.counts });
  const isCleared = publicSideElsewhere(policy, deps.region) === undefined && policy.mirror.some(mayDelete);
  const parts: readonly SweepPart[] = isCleared ? ["private", "orphans"] : ["private"];
  let at: { part: SweepPart; from?: string | undefined; after?: string | undefined } = position ?? { part: "private" };
  let slowestMs = 0;
  let isFirst = true;
  let isResumed = at.from !== undefined;
  const end = (next?: MirrorsPosition) => ({
    ...{ counts: round.tally, startedAt, plans: round.plans },
    ...(next !== undefined && { next }),
  });

  for (const part of policy.mirror.length === 0 ? [] : parts.slice(Math.max(0, parts.indexOf(at.part)))) {
    if (part !== at.part) at = { part };
    do {
      let page: Page;
      try {
        page = await readPage(deps, part, at.from, repository);
      } catch (error) {
        if (!isResumed || !isTokenRefused(error)) throw error;
        // How long a token is good is not documented: one that is no longer taken costs another beginning of this part.
        at = { part };
        page = await readPage(deps, part, undefined, repository);
      }
      isResumed = false;
      for (const work of page.works.filter(({ name }) => at.after === undefined || name > at.after)) {
        const before = remainingMs();
        const isLate = !isFirst && (before <= 2 * slowestMs || round.size() > ROOM_FOR_PLANS);
        if (isLate || (await round.take(work, isFirst)) === "late") {
          const { from, after } = at;
          return end({ part, from, after, counts: round.tally, startedAt, invocations, repository });
        }
        isFirst = false;
        slowestMs = Math.max(slowestMs, before - remainingMs());
        at = { ...at, after: work.name };
      }
      at = { part, from: page.next };
    } while (at.from !== undefined);
  }
  return end();
}

function isTokenRefused(error: unknown): boolean {
  return error instanceof AutopilotError && error.code === "ecr-invalid";
}

/** Works through repositories, each counted and told. */
function createRound(deps: MirrorsSweepDeps, mode: "apply" | "plan", tally: MirrorsTally) {
  const plans: MirrorPlan[] = [];
  const reconcileDeps = { ...deps, sourcesOf: lookUpSources(deps.ecr, deps.policy) };
  let room = 0;
  let failuresInARow = 0;
  return {
    tally,
    plans,
    /** Characters of the plans so far. */
    size: () => room,
    /** `late`: there is not enough time for this one, and the next invocation has more. */
    async take({ name, request }: Work, isFirst: boolean): Promise<"done" | "late"> {
      try {
        const found = await request();
        if (found === undefined) return "done";
        const plan = await reconcileMirror(reconcileDeps, mode, found, tally);
        tally.repositories += 1;
        failuresInARow = 0;
        if (mode === "apply" || plan === undefined) return "done";
        plans.push(plan);
        room += JSON.stringify(plan).length;
      } catch (error) {
        if (!(error instanceof AutopilotError)) throw error;
        const { code, message } = error;
        if (code === "mirrors-late" && !isFirst) return "late";
        if (code === "ecr-not-found") {
          tally.gone += 1;
          return "done";
        }
        if (!isPermanent(error)) failuresInARow += 1;
        if (failuresInARow >= FAILURES_IN_A_ROW) throw error;
        tally.failed += 1;
        if (mode === "apply") {
          deps.observer.decided({ decision: "repository-failed", repository: name, code, reason: message });
        } else {
          plans.push({ repository: name, requests: [], destinations: [], impossible: [], failure: message });
        }
      }
      return "done";
    },
  };
}

interface Page {
  readonly works: readonly Work[];
  readonly next: string | undefined;
}

/** A page of repositories that may have to do with a mirror, in the order of their names; `only`: with that of one private repository. */
async function readPage(
  deps: MirrorsSweepDeps,
  part: SweepPart,
  from: string | undefined,
  only: string | undefined,
): Promise<Page> {
  const byName = (one: Work, other: Work) => (one.name < other.name ? -1 : 1);
  if (part === "orphans") {
    const { repositories, next } = await (only === undefined
      ? listPublicRepositories(deps.publicEcr, { from, size: PAGE })
      : destinationsThere(deps, only));
    const isPossible = possibleDestination(deps.policy);
    const works = repositories
      .filter(({ name }) => isPossible(name))
      .map((repository) => ({ name: repository.name, request: () => orphanRequest(deps, repository, only) }));
    return { works: works.sort(byName), next };
  }
  const { repositories, next } =
    only === undefined
      ? await listRepositories(deps.ecr, { from, size: PAGE })
      : { repositories: [{ name: only }], next: undefined };
  const works = repositories
    .filter(({ name }) => namesRepository(deps.policy, name))
    .map(({ name }) => ({ name, request: async () => ({ side: await readPrivateSide(deps.ecr, name) }) }));
  return { works: works.sort(byName), next };
}

/** Those public repositories of a private one that are there. */
async function destinationsThere({ publicEcr, policy }: MirrorsSweepDeps, repository: string) {
  const repositories: PublicRepository[] = [];
  for (const name of destinationsOf(policy, repository).keys()) {
    const found = await describePublicRepository(publicEcr, name);
    if (found !== undefined) repositories.push(found);
  }
  return { repositories, next: undefined };
}

/**
 * A public repository that was made for a private one which is gone, and which a rule would still publish there; and, in the Region that looks
 * after the public side of all, one that was made for another Region's.
 */
async function orphanRequest(
  { ecr, publicEcr, policy, region }: MirrorsSweepDeps,
  repository: PublicRepository,
  only: string | undefined,
): Promise<MirrorRequest | undefined> {
  const tags = (await listPublicRepositoryTags(publicEcr, repository)) ?? {};
  const isElsewhere = sourceOf(region, tags) === "elsewhere";
  const source = sourceAnywhere(tags);
  if (source === undefined || (only !== undefined && source !== only)) return undefined;
  if (isElsewhere && policy.publicRegion === undefined) return undefined;
  if (
    destinationsOf(policy, source)
      .get(repository.name)
      ?.some(({ rule }) => mayDelete(rule)) !== true
  )
    return undefined;
  if (isElsewhere) return { side: elsewhereSide(source), only: repository.name };
  if ((await describeRepository(ecr, source)) !== undefined) return undefined;
  return { side: goneSide(source), only: repository.name };
}
