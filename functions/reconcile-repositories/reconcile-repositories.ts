import type { Envelope } from "#shared/events/envelope.ts";
import { parseSweepContinues, type SweepByHand, sweepContinues } from "#shared/events/sweep-request.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import type { Queue } from "#shared/messaging/queue.ts";
import { planInWords, type RepositoryPlan } from "#shared/standards/plan.ts";
import type { SweepCounts } from "#shared/standards/sweep-counts.ts";
import { type SweepPosition, type SweepResult, sweepRepositories } from "#shared/standards/sweep-repositories.ts";
import type { SweepDeps } from "#shared/standards/sweep-round.ts";
import { type PublishTemplatesDeps, planTemplates, publishTemplates, type TemplatesPlan } from "./publish-templates.ts";

export type ReconcileRepositoriesDeps = PublishTemplatesDeps &
  SweepDeps & {
    /** This function's own queue, for what does not fit into one invocation. */
    readonly queue: Queue;
  };

/** A sweep begins with a schedule or a deployment, whichever it was, and goes on with a message of its own. */
export interface ReconcileRequest {
  readonly position: SweepPosition | undefined;
}

/** What a call by hand is answered with. */
export type ReconcileAnswer =
  | {
      readonly mode: "apply";
      readonly counts: SweepCounts;
      /** The rest is done by the queue. */
      readonly continues: boolean;
    }
  | {
      readonly mode: "plan";
      readonly counts: SweepCounts;
      /** Creation templates that would be written and deleted, by prefix; left out where the plan goes on from an earlier answer. */
      readonly creationTemplates?: TemplatesPlan | undefined;
      readonly repositories: readonly RepositoryPlan[];
      /** The same for a person. */
      readonly words: string;
      /** For the next call, when the plan is longer than one answer or one invocation. */
      readonly next?: SweepPosition;
    };

/** Errors: permanent `event-malformed`. */
export function parseReconcileRequest(event: Envelope): ReconcileRequest {
  return { position: parseSweepContinues(event) };
}

/**
 * Publishes the policy's templates to ECR, then sweeps all repositories. What does not fit into the time goes back to the queue as a
 * message that says where to go on; the last one tells the sum.
 *
 * Errors: AutopilotError. Templates that cannot be published keep no repository from its standard: their error is raised after the sweep.
 */
export async function reconcileRepositories(
  deps: ReconcileRepositoriesDeps,
  { position }: ReconcileRequest,
  { remainingMs }: Pick<Invocation, "remainingMs">,
): Promise<SweepResult> {
  const publish = position === undefined ? publishTemplates(deps) : undefined;
  const [published] = await Promise.allSettled([publish]);
  const result = await sweepAndTell(deps, position, remainingMs).catch((error: unknown) => {
    if (published.status === "rejected") deps.observer.failed(published.reason, {});
    throw error;
  });
  if (published.status === "rejected") throw published.reason;
  return result;
}

async function sweepAndTell(
  deps: ReconcileRepositoriesDeps,
  position: SweepPosition | undefined,
  remainingMs: () => number,
): Promise<SweepResult> {
  const result = await sweepRepositories(deps, { mode: "apply", position }, remainingMs);
  const { counts, startedAt, next } = result;
  if (next === undefined) {
    const durationMs = deps.now().getTime() - Date.parse(startedAt);
    deps.observer.decided({ decision: "sweep-finished", startedAt, durationMs, ...counts });
  } else {
    await deps.queue.send(sweepContinues(next));
    deps.observer.decided({ decision: "sweep-continues", startedAt, invocations: next.invocations, ...counts });
  }
  return result;
}

/** A sweep, or the plan of one, that somebody asked for. A plan writes nothing and tells nothing. Errors: AutopilotError. */
export async function reconcileByHand(
  deps: ReconcileRepositoriesDeps,
  { mode, position, repository }: SweepByHand,
  invocation: Pick<Invocation, "remainingMs">,
): Promise<ReconcileAnswer> {
  // One repository is no sweep: templates are left alone, and no end of a sweep is told.
  if (mode === "apply" && repository !== undefined) {
    const { counts } = await sweepRepositories(deps, { mode, repository }, invocation.remainingMs);
    return { mode, counts, continues: false };
  }
  if (mode === "apply") {
    const { counts, next } = await reconcileRepositories(deps, { position }, invocation);
    return { mode, counts, continues: next !== undefined };
  }
  const creationTemplates = position === undefined && repository === undefined ? await planTemplates(deps) : undefined;
  const { counts, plans, next } = await sweepRepositories(deps, { mode, position, repository }, invocation.remainingMs);
  const words = [
    ...(creationTemplates === undefined ? [] : templatesInWords(creationTemplates)),
    planInWords(plans),
    ...(next === undefined ? [] : ["This is one part: the next begins at the position that is given as next."]),
  ].join("\n\n");
  return {
    mode,
    counts,
    ...(creationTemplates !== undefined && { creationTemplates }),
    repositories: plans,
    words,
    ...(next !== undefined && { next }),
  };
}

/** One paragraph, or none when nothing would be written. */
function templatesInWords({ create, update, delete: gone, conflicts }: TemplatesPlan): string[] {
  const lines = [
    ["would be created", create],
    ["would be updated", update],
    ["would be deleted", gone],
    ["cannot be written, as somebody else's stand there", conflicts],
  ] as const;
  const words = lines.flatMap(([what, prefixes]) =>
    prefixes.length === 0 ? [] : [`  ${what}: ${prefixes.join(", ")}`],
  );
  return words.length === 0 ? [] : [["creation templates", ...words].join("\n")];
}
