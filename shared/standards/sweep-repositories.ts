import type { ECRClient } from "@aws-sdk/client-ecr";
import {
  describeRepositories,
  listRepositories,
  type PrivateRepository,
  type RepositoryPage,
} from "#shared/ecr/repositories.ts";
import { AutopilotError, permanent } from "#shared/errors.ts";
import type { Observer } from "#shared/observability/observer.ts";
import { inParallel } from "#shared/pacing/in-parallel.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { type Governed, standardFor } from "#shared/policy/standard-for.ts";
import type { Difference } from "#shared/policy/standards.ts";
import { notReached } from "./bring-to-standard.ts";
import { findingsOf } from "./findings.ts";
import { planFor, planForMisnamed, type RepositoryPlan } from "./plan.ts";
import { governsDocuments, readState } from "./read-state.ts";
import { countFindings, countStandard, noCounts, type SweepCounts, type Tally } from "./sweep-counts.ts";
import { tellStandard } from "./tell-standard.ts";
import { writeDifferences } from "./write-differences.ts";

export interface SweepDeps {
  readonly ecr: ECRClient;
  readonly policy: Pick<Policy, "templates" | "naming" | "mutability">;
  readonly observer: Observer;
  readonly now: () => Date;
}

/** Where a sweep stands: plain data, so that another invocation can go on from it. */
export interface SweepPosition {
  /** Token of the next page. */
  readonly from: string;
  readonly counts: SweepCounts;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Invocations that have worked on it so far. */
  readonly invocations: number;
}

export interface SweepRequest {
  /** `plan` writes nothing and tells nothing: it gives back what `apply` would do. */
  readonly mode: "apply" | "plan";
  /** Undefined for a sweep that begins. */
  readonly position?: SweepPosition | undefined;
}

export interface SweepResult {
  readonly counts: SweepCounts;
  readonly startedAt: string;
  /** In a plan: what differs in the pages that were read now, by name. */
  readonly plans: readonly RepositoryPlan[];
  /** Where to go on, when the time or the answer's room ran short before the last page. */
  readonly next?: SweepPosition;
}

/** Repositories under way at once: enough to keep a paced client busy, whatever the latency. */
const AT_ONCE = 8;
/** DescribeRepositories takes 1,000 (API model, maxResults). A page is also what is done between two looks at the clock. */
const PAGE = { descriptionsOnly: 1_000, withDocuments: 100, planWithDocuments: 25 } as const;
/** Failures without one success between them: that is the service, or our role, and no longer a repository. */
const FAILURES_IN_A_ROW = 20;
/** A hundred invocations read millions of repositories: more than that is a sweep that runs in circles. */
const MOST_INVOCATIONS = 100;
/** An answer of Lambda has 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html); a page more must still fit. */
const ROOM_FOR_PLANS = 2_000_000;

interface Written {
  readonly name: string;
  readonly standard: Governed;
  readonly changed: readonly Difference[];
}

/**
 * Holds all repositories against the policy, page by page, and brings back those that drifted. Only what a template governs is read: where
 * that is mutability and scan setting alone, DescribeRepositories tells it for a thousand repositories in one call. What was written is
 * read again, a hundred in one call. A repository whose name breaks a rule is told and left untouched; one bad repository does not stop
 * the rest. Memory holds one page.
 *
 * Ends early, with `next`, when what is left of `remainingMs` may not do for another page. Errors: AutopilotError; the last one after
 * 20 failures in a row; permanent `sweep-endless`.
 */
export async function sweepRepositories(
  deps: SweepDeps,
  { mode, position }: SweepRequest,
  remainingMs: () => number,
): Promise<SweepResult> {
  const { ecr, policy } = deps;
  const invocations = (position?.invocations ?? 0) + 1;
  if (invocations > MOST_INVOCATIONS) {
    throw permanent("sweep-endless", `the sweep of ${position?.startedAt} has taken ${MOST_INVOCATIONS} invocations`);
  }
  const startedAt = position?.startedAt ?? deps.now().toISOString();
  const size = pageSize(policy, mode);
  let round = createRound(deps, mode, { ...noCounts(), ...position?.counts });
  let from = position?.from;
  let room = ROOM_FOR_PLANS;
  let slowestMs = 0;
  do {
    const before = remainingMs();
    let page: RepositoryPage;
    try {
      page = await listRepositories(ecr, { from, size });
    } catch (error) {
      if (from === undefined || from !== position?.from || !isTokenRefused(error)) throw error;
      // How long a token is good is not documented: one that is no longer taken costs another beginning.
      round = createRound(deps, mode, noCounts());
      page = await listRepositories(ecr, { size });
    }
    const plansBefore = round.plans.length;
    await inParallel(page.repositories, AT_ONCE, round.take);
    await round.readAgain({ atLeast: 100 });
    from = page.next;
    room -= JSON.stringify(round.plans.slice(plansBefore)).length;
    slowestMs = Math.max(slowestMs, before - remainingMs());
  } while (from !== undefined && room > 0 && remainingMs() > 2 * slowestMs);
  await round.readAgain({ atLeast: 1 });

  const counts = round.tally;
  const next = from === undefined ? {} : { next: { from, counts, startedAt, invocations } };
  const plans = round.plans.sort((a, b) => (a.repository < b.repository ? -1 : 1));
  return { counts, startedAt, plans, ...next };
}

function isTokenRefused(error: unknown): boolean {
  return error instanceof AutopilotError && error.code === "ecr-invalid";
}

function pageSize({ templates }: Pick<Policy, "templates">, mode: SweepRequest["mode"]): number {
  if (!templates.some(governsDocuments)) return PAGE.descriptionsOnly;
  return mode === "plan" ? PAGE.planWithDocuments : PAGE.withDocuments;
}

/** The work of one invocation. */
function createRound(deps: SweepDeps, mode: SweepRequest["mode"], tally: Tally) {
  const { ecr, policy, observer, now } = deps;
  const plans: RepositoryPlan[] = [];
  const written: Written[] = [];
  let failuresInARow = 0;

  async function look(repository: PrivateRepository): Promise<void> {
    const { name } = repository;
    const standard = standardFor(policy, name, now());
    countStandard(tally, standard);
    if (standard.outcome === "misnamed") {
      const { rule, reason } = standard.breach;
      if (mode === "plan") plans.push(planForMisnamed(name, standard));
      else observer.decided({ decision: "repository-misnamed", repository: name, rule, reason });
    }
    if (standard.outcome !== "governed") return;
    const state = await readState(ecr, repository, standard.template);
    if (state === undefined) {
      tally.gone += 1;
      return;
    }
    const findings = findingsOf(standard, state);
    if (mode === "plan") {
      countFindings(tally, findings.fixable, findings);
      const plan = planFor(name, standard, findings);
      if (plan !== undefined) plans.push(plan);
      return;
    }
    if (findings.fixable.length === 0) {
      countFindings(tally, [], findings);
      tellStandard(observer, "drift-put-back", standard, { changed: [], findings }, { repository: name });
    } else if (await writeDifferences(ecr, repository, findings.fixable)) {
      written.push({ name, standard, changed: findings.fixable });
    } else tally.gone += 1;
  }

  async function confirm({ name, standard, changed }: Written, repository: PrivateRepository | undefined) {
    const state = repository && (await readState(ecr, repository, standard.template));
    if (state === undefined) {
      tally.gone += 1;
      return;
    }
    const findings = findingsOf(standard, state);
    if (findings.fixable.length > 0) throw notReached(name, findings.fixable);
    countFindings(tally, changed, findings);
    tellStandard(observer, "drift-put-back", standard, { changed, findings }, { repository: name });
  }

  /** Tells a failure and goes on, unless everything fails. */
  async function guarded(repository: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      failuresInARow = 0;
    } catch (error) {
      failuresInARow += 1;
      if (failuresInARow >= FAILURES_IN_A_ROW || !(error instanceof AutopilotError)) throw error;
      tally.failed += 1;
      observer.decided({ decision: "repository-failed", repository, code: error.code, reason: error.message });
    }
  }

  return {
    tally,
    plans,
    take: (repository: PrivateRepository) => guarded(repository.name, () => look(repository)),
    /** Reads what was written again, once enough has come together for a call to be worth it. */
    async readAgain({ atLeast }: { readonly atLeast: number }): Promise<void> {
      if (written.length < atLeast) return;
      const waiting = written.splice(0);
      const present = await describeRepositories(
        ecr,
        waiting.map(({ name }) => name),
      );
      const byName = new Map(present.map((repository) => [repository.name, repository]));
      await inParallel(waiting, AT_ONCE, (one) => guarded(one.name, () => confirm(one, byName.get(one.name))));
    },
  };
}
