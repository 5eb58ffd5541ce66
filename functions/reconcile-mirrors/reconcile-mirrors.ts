import { registerPullTimeExclusion } from "#shared/ecr/pull-time-exclusion.ts";
import { AutopilotError } from "#shared/errors.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import {
  type MirrorsPosition,
  type MirrorsSweepByHand,
  mirrorsSweepContinues,
  parseMirrorsSweepContinues,
} from "#shared/events/mirrors-sweep-request.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import type { Queue } from "#shared/messaging/queue.ts";
import { type MirrorPlan, mirrorsInWords } from "#shared/mirror/mirror-plan.ts";
import type { MirrorsCounts } from "#shared/mirror/mirrors-counts.ts";
import { type MirrorsSweepDeps, sweepMirrors } from "#shared/mirror/sweep-mirrors.ts";

export interface ReconcileMirrorsDeps {
  readonly ecr: MirrorsSweepDeps["ecr"];
  readonly policy: MirrorsSweepDeps["policy"];
  readonly observer: MirrorsSweepDeps["observer"];
  readonly now: MirrorsSweepDeps["now"];
  /** Role of the function that pulls the images. */
  readonly mirrorRoleArn: string;
  /** This function's own queue, for what does not fit into one invocation. */
  readonly queue: Queue;
  /** What a sweep needs, ended by the invocation's signal. */
  readonly sweep: (invocation: Invocation) => MirrorsSweepDeps;
}

/** A sweep begins with a schedule or a deployment, whichever it was, and goes on with a message of its own. */
export interface ReconcileMirrorsRequest {
  readonly position: MirrorsPosition | undefined;
}

/** What a call by hand is answered with. */
export type ReconcileMirrorsAnswer =
  | {
      readonly mode: "apply";
      readonly counts: MirrorsCounts;
      /** The rest is done by the queue. */
      readonly continues: boolean;
    }
  | {
      readonly mode: "plan";
      readonly counts: MirrorsCounts;
      readonly mirrors: readonly MirrorPlan[];
      /** The same for a person. */
      readonly words: string;
      /** For the next call, when the plan is longer than one answer or one invocation. */
      readonly next?: MirrorsPosition;
    };

/** Errors: permanent `event-malformed`. */
export function parseReconcileMirrorsRequest(event: Envelope): ReconcileMirrorsRequest {
  return { position: parseMirrorsSweepContinues(event) };
}

/**
 * Sees to it that the mirror's pulls do not count as pulls, then sweeps all mirrors. What does not fit into the time goes back to the queue
 * as a message that says where to go on; the last one tells the sum.
 *
 * Errors: AutopilotError. An exclusion that cannot be registered keeps no mirror from being swept: its error is raised after the sweep.
 */
export async function reconcileMirrors(
  deps: ReconcileMirrorsDeps,
  { position }: ReconcileMirrorsRequest,
  invocation: Invocation,
): Promise<{ readonly counts: MirrorsCounts; readonly continues: boolean }> {
  const { observer } = deps;
  const [excluded] = await Promise.allSettled([position?.pullTimeExclusion ?? excludePulls(deps)]);
  const pullTimeExclusion = excluded.status === "fulfilled" ? excluded.value : "failed";
  const swept = await sweepMirrors(deps.sweep(invocation), { mode: "apply", position }).catch((error: unknown) => {
    if (excluded.status === "rejected") observer.failed(excluded.reason, {});
    throw error;
  });
  const { counts, startedAt, next } = swept;
  if (next === undefined) {
    const durationMs = deps.now().getTime() - Date.parse(startedAt);
    observer.decided({ decision: "mirrors-swept", startedAt, durationMs, pullTimeExclusion, ...counts });
  } else {
    await deps.queue.send(mirrorsSweepContinues({ ...next, pullTimeExclusion }));
    observer.decided({ decision: "mirrors-sweep-continues", startedAt, invocations: next.invocations, ...counts });
  }
  if (excluded.status === "rejected") throw excluded.reason;
  return { counts, continues: next !== undefined };
}

/**
 * Mirroring would keep every image from the lifecycle rules that count the days since the last pull. Asked anew by each sweep: somebody may
 * have taken it away, and an answer that it is there costs one call. A Region without the call is no failure.
 */
async function excludePulls({ ecr, policy, mirrorRoleArn }: ReconcileMirrorsDeps): Promise<string> {
  if (policy.mirror.length === 0) return "not-needed";
  try {
    return (await registerPullTimeExclusion(ecr, mirrorRoleArn)) ? "registered" : "present";
  } catch (error) {
    if (!(error instanceof AutopilotError) || error.code !== "ecr-unsupported") throw error;
    return "unsupported";
  }
}

/** A sweep, or the plan of one, that somebody asked for. A plan writes nothing and tells nothing. Errors: AutopilotError. */
export async function reconcileMirrorsByHand(
  deps: ReconcileMirrorsDeps,
  { mode, position }: MirrorsSweepByHand,
  invocation: Invocation,
): Promise<ReconcileMirrorsAnswer> {
  if (mode === "apply") return { mode, ...(await reconcileMirrors(deps, { position }, invocation)) };
  const { counts, plans, next } = await sweepMirrors(deps.sweep(invocation), { mode, position });
  const words = [
    mirrorsInWords(plans),
    ...(next === undefined ? [] : ["This is one part: the next begins at the position that is given as next."]),
  ].join("\n\n");
  const pullTimeExclusion = "planned";
  return { mode, counts, mirrors: plans, words, ...(next !== undefined && { next: { ...next, pullTimeExclusion } }) };
}
