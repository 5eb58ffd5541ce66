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
import { publicSideElsewhere } from "#shared/policy/public-region.ts";

export interface ReconcileMirrorsDeps {
  readonly ecr: MirrorsSweepDeps["ecr"];
  readonly policy: MirrorsSweepDeps["policy"];
  readonly observer: MirrorsSweepDeps["observer"];
  readonly now: MirrorsSweepDeps["now"];
  readonly region: MirrorsSweepDeps["region"];
  /** Roles of the functions that pull: the mirror pulls images, its status their manifests. */
  readonly pullingRoleArns: readonly string[];
  /** Alias of the public registry; undefined while the account has none. */
  publicAlias(): Promise<string | undefined>;
  /** This function's own queue, for what does not fit into one invocation. */
  readonly queue: Queue;
  /** What a sweep needs, ended by the invocation's signal. */
  readonly sweep: (invocation: Invocation) => MirrorsSweepDeps;
}

/** A sweep begins with a schedule or a deployment, whichever it was, and goes on with a message of its own. */
export interface ReconcileMirrorsRequest {
  readonly position: MirrorsPosition | undefined;
  /** The only private repository to look at: no sweep then, so none is told of. */
  readonly repository?: string | undefined;
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
  { position, repository }: ReconcileMirrorsRequest,
  invocation: Invocation,
): Promise<{ readonly counts: MirrorsCounts; readonly continues: boolean }> {
  const { observer } = deps;
  const isOne = (position === undefined ? repository : position.repository) !== undefined;
  const exclusion = position?.pullTimeExclusion ?? (isOne ? "not-asked" : excludePulls(deps));
  const [excluded] = await Promise.allSettled([exclusion]);
  const pullTimeExclusion = excluded.status === "fulfilled" ? excluded.value : "failed";
  const swept = await sweepMirrors(deps.sweep(invocation), { mode: "apply", position, repository }).catch(
    (error: unknown) => {
      if (excluded.status === "rejected") observer.failed(excluded.reason, {});
      throw error;
    },
  );
  const { counts, startedAt, next } = swept;
  const reason = publicSideElsewhere(deps.policy, deps.region);
  if (next === undefined && !isOne && reason !== undefined) {
    const { publicRegion } = deps.policy;
    observer.decided({ decision: "public-side-elsewhere", region: deps.region, publicRegion, reason });
  }
  if (next === undefined && !isOne) {
    const durationMs = deps.now().getTime() - Date.parse(startedAt);
    observer.decided({ decision: "mirrors-swept", startedAt, durationMs, pullTimeExclusion, ...counts });
  } else if (next !== undefined) {
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
async function excludePulls({ ecr, policy, pullingRoleArns }: ReconcileMirrorsDeps): Promise<string> {
  if (policy.mirror.length === 0) return "not-needed";
  try {
    let isNew = false;
    for (const role of pullingRoleArns) if (await registerPullTimeExclusion(ecr, role)) isNew = true;
    return isNew ? "registered" : "present";
  } catch (error) {
    if (!(error instanceof AutopilotError) || error.code !== "ecr-unsupported") throw error;
    return "unsupported";
  }
}

/** A sweep, or the plan of one, that somebody asked for. A plan writes nothing and tells nothing. Errors: AutopilotError. */
export async function reconcileMirrorsByHand(
  deps: ReconcileMirrorsDeps,
  { mode, position, repository }: MirrorsSweepByHand,
  invocation: Invocation,
): Promise<ReconcileMirrorsAnswer> {
  if (mode === "apply") return { mode, ...(await reconcileMirrors(deps, { position, repository }, invocation)) };
  const alias = deps.policy.mirror.length === 0 ? undefined : await deps.publicAlias();
  const { counts, plans, next } = await sweepMirrors(
    { ...deps.sweep(invocation), alias },
    { mode, position, repository },
  );
  const elsewhere = publicSideElsewhere(deps.policy, deps.region);
  const words = [
    mirrorsInWords(plans),
    ...(elsewhere === undefined ? [] : [`Nothing would go: ${elsewhere}.`]),
    ...(next === undefined ? [] : ["This is one part: the next begins at the position that is given as next."]),
  ].join("\n\n");
  const pullTimeExclusion = "planned";
  return { mode, counts, mirrors: plans, words, ...(next !== undefined && { next: { ...next, pullTimeExclusion } }) };
}
