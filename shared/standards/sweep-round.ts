import type { ECRClient } from "@aws-sdk/client-ecr";
import { describeRepositories, type PrivateRepository } from "#shared/ecr/repositories.ts";
import { AutopilotError, isPermanent } from "#shared/errors.ts";
import type { Observer } from "#shared/observability/observer.ts";
import { inParallel } from "#shared/pacing/in-parallel.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { type Governed, standardFor } from "#shared/policy/standard-for.ts";
import type { Difference } from "#shared/policy/standards.ts";
import { notReached } from "./bring-to-standard.ts";
import { findingsOf } from "./findings.ts";
import { planFor, planForMisnamed, type RepositoryPlan } from "./plan.ts";
import { readState } from "./read-state.ts";
import { countFindings, countStandard, type Tally } from "./sweep-counts.ts";
import { tellStandard } from "./tell-standard.ts";
import { writeDifferences } from "./write-differences.ts";

export interface SweepDeps {
  readonly ecr: ECRClient;
  readonly policy: Pick<Policy, "templates" | "naming" | "mutability">;
  readonly observer: Observer;
  readonly now: () => Date;
}

/** Repositories under way at once: enough to keep a paced client busy, whatever the latency. */
const AT_ONCE = 8;
/**
 * Failures without one success between them: that is the service, or our role, and no longer a repository. What ECR refuses as asked is
 * not among them: a wrong template must not keep the repositories of others from being looked at.
 */
const FAILURES_IN_A_ROW = 20;

interface Unconfirmed {
  readonly name: string;
  readonly standard: Governed;
  readonly changed: readonly Difference[];
}

/**
 * The work of one invocation of a sweep: repositories are looked at and written, what was written is read again, and each is counted in
 * `tally` and told.
 */
export function createRound(deps: SweepDeps, mode: "apply" | "plan", tally: Tally) {
  const { ecr, policy, observer, now } = deps;
  const plans: RepositoryPlan[] = [];
  const unconfirmed: Unconfirmed[] = [];
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
      return;
    }
    const write = await writeDifferences(ecr, repository, findings.fixable);
    if (write.outcome === "gone") {
      tally.gone += 1;
      return;
    }
    if (write.written.length > 0) unconfirmed.push({ name, standard, changed: write.written });
    if (write.failure !== undefined) throw write.failure;
  }

  async function confirm({ name, standard, changed }: Unconfirmed, repository: PrivateRepository | undefined) {
    const state = repository && (await readState(ecr, repository, standard.template));
    if (state === undefined) {
      tally.gone += 1;
      return;
    }
    const findings = findingsOf(standard, state);
    const differing = findings.fixable.filter(({ setting }) => changed.some((one) => one.setting === setting));
    if (differing.length > 0) return tellFailure(name, notReached(name, differing));
    countFindings(tally, changed, findings);
    tellStandard(observer, "drift-put-back", standard, { changed, findings }, { repository: name });
  }

  async function take(repository: PrivateRepository): Promise<void> {
    try {
      await look(repository);
      failuresInARow = 0;
    } catch (error) {
      if (!isPermanent(error)) failuresInARow += 1;
      if (failuresInARow >= FAILURES_IN_A_ROW) throw error;
      tellFailure(repository.name, error);
    }
  }

  function tellFailure(repository: string, error: unknown, before = ""): void {
    if (!(error instanceof AutopilotError)) throw error;
    tally.failed += 1;
    const { code, message } = error;
    observer.decided({ decision: "repository-failed", repository, code, reason: `${before}${message}` });
  }

  /** What was written to it is done, so it is told with the failure. */
  function tellUnread({ name, changed }: Unconfirmed, error: unknown): void {
    const settings = changed.map(({ setting }) => setting).join(", ");
    tellFailure(name, error, `${settings} was written, but could not be read again: `);
  }

  return {
    tally,
    plans,
    /** Looks at repositories; tells a failure and goes on. False when it stopped before the last, being late. Errors: AutopilotError, when everything fails. */
    async take(repositories: readonly PrivateRepository[], isLate: () => boolean): Promise<boolean> {
      let taken = 0;
      await inParallel(repositories, AT_ONCE, async (repository) => {
        if (isLate()) return;
        taken += 1;
        await take(repository);
      });
      return taken === repositories.length;
    },
    /** Reads what was written again, once enough has come together for a call to be worth it. A failure is told, and never raised. */
    async readAgain({ atLeast }: { readonly atLeast: number }): Promise<void> {
      if (unconfirmed.length < atLeast) return;
      const waiting = unconfirmed.splice(0);
      const names = waiting.map(({ name }) => name);
      let present: PrivateRepository[];
      try {
        present = await describeRepositories(ecr, names);
      } catch (error) {
        for (const one of waiting) tellUnread(one, error);
        return;
      }
      const byName = new Map(present.map((repository) => [repository.name, repository]));
      await inParallel(waiting, AT_ONCE, async (one) => {
        try {
          await confirm(one, byName.get(one.name));
        } catch (error) {
          tellUnread(one, error);
        }
      });
    },
  };
}
