import type { ECRClient } from "@aws-sdk/client-ecr";
import { describeRepository, listRepositories, type RepositoryPage } from "#shared/ecr/repositories.ts";
import { AutopilotError, permanent } from "#shared/errors.ts";
import type { Policy } from "#shared/policy/schema.ts";
import type { RepositoryPlan } from "./plan.ts";
import { governsDocuments } from "./read-state.ts";
import { noCounts, type SweepCounts } from "./sweep-counts.ts";
import { createRound, type SweepDeps } from "./sweep-round.ts";

/** Where a sweep stands: plain data, so that another invocation can go on from it. */
export interface SweepPosition {
  /** Token of the next page; undefined while the first is not done. */
  readonly from?: string | undefined;
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
  /** The only repository to look at, which is one page; `gone` where it is not there. */
  readonly repository?: string | undefined;
}

export interface SweepResult {
  readonly counts: SweepCounts;
  readonly startedAt: string;
  /** In a plan: what differs in the pages that were read now, by name. */
  readonly plans: readonly RepositoryPlan[];
  /** Where to go on, when the time or the answer's room ran short before the last page. */
  readonly next?: SweepPosition;
}

/** DescribeRepositories takes 1,000 (API model, maxResults). A page is also what is done between two looks at the clock. */
const PAGE = { descriptionsOnly: 1_000, withDocuments: 100, planWithDocuments: 25 } as const;
/** A hundred invocations read millions of repositories: more than that is a sweep that runs in circles. */
const MOST_INVOCATIONS = 100;
/** An answer of Lambda has 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html); a page more must still fit. */
const ROOM_FOR_PLANS = 1_500_000;
/** What is kept of an invocation for reading again and for telling, and how much of a short one at most. */
const RESERVE = { ms: 30_000, share: 0.1 } as const;

/**
 * Holds all repositories against the policy, page by page, and brings back those that drifted. Only what a template governs is read: where
 * that is mutability and scan setting alone, DescribeRepositories tells it for a thousand repositories in one call. What was written is
 * read again, a hundred in one call. A repository whose name breaks a rule is told and left untouched; one bad repository does not stop
 * the rest, nor one setting that cannot be written the others. Memory holds one page.
 *
 * Ends early, with `next`, when what is left of `remainingMs` may not do for another page; within a page, when it is nearly over: that page
 * is then looked at once more, which costs reads, and no writes. Errors: AutopilotError; the last one after
 * 20 failures in a row; permanent `sweep-endless`. What was written before an error is told before it is raised.
 */
export async function sweepRepositories(
  deps: SweepDeps,
  { mode, position, repository }: SweepRequest,
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
  let isResumed = from !== undefined;
  let room = ROOM_FOR_PLANS;
  let slowestMs = 0;
  let isLate = false;
  let countsBefore: SweepCounts = round.tally;
  const reserveMs = Math.min(RESERVE.ms, remainingMs() * RESERVE.share);
  try {
    do {
      const before = remainingMs();
      let page: RepositoryPage;
      try {
        page = await (repository === undefined ? listRepositories(ecr, { from, size }) : onePage(ecr, repository));
      } catch (error) {
        if (!isResumed || !isTokenRefused(error)) throw error;
        // How long a token is good is not documented: one that is no longer taken costs another beginning.
        round = createRound(deps, mode, noCounts());
        page = await listRepositories(ecr, { size });
      }
      if (repository !== undefined && page.repositories.length === 0) round.tally.gone += 1;
      const plansBefore = round.plans.length;
      countsBefore = { ...round.tally };
      isLate = !(await round.take(page.repositories, () => repository === undefined && remainingMs() < reserveMs));
      await round.readAgain({ atLeast: 100 });
      if (isLate) {
        round.plans.splice(plansBefore);
        break;
      }
      from = page.next;
      isResumed = false;
      room -= JSON.stringify(round.plans.slice(plansBefore)).length;
      slowestMs = Math.max(slowestMs, before - remainingMs());
    } while (from !== undefined && room > 0 && remainingMs() > 2 * slowestMs);
  } finally {
    // After an error, too: no later sweep finds anything to tell of what was put back.
    await round.readAgain({ atLeast: 1 });
  }

  const { tally } = round;
  // A page that was not done is counted when it is; what was put back in it is done now.
  const done = { putBack: tally.putBack, writes: tally.writes, failed: tally.failed };
  const counts = isLate ? { ...countsBefore, ...done } : tally;
  const next = from === undefined && !isLate ? {} : { next: { from, counts, startedAt, invocations } };
  const plans = round.plans.sort((a, b) => (a.repository < b.repository ? -1 : 1));
  return { counts, startedAt, plans, ...next };
}

async function onePage(ecr: ECRClient, name: string): Promise<RepositoryPage> {
  const found = await describeRepository(ecr, name);
  return { repositories: found === undefined ? [] : [found], next: undefined };
}

function isTokenRefused(error: unknown): boolean {
  return error instanceof AutopilotError && error.code === "ecr-invalid";
}

function pageSize({ templates }: Pick<Policy, "templates">, mode: SweepRequest["mode"]): number {
  if (!templates.some(governsDocuments)) return PAGE.descriptionsOnly;
  return mode === "plan" ? PAGE.planWithDocuments : PAGE.withDocuments;
}
