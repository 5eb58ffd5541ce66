import { isPermanent } from "../errors.ts";
import type { Observer } from "../observability/observer.ts";
import { publicSideElsewhere } from "../policy/public-region.ts";
import { backFill, type MissingImage } from "./back-fill.ts";
import { type ClearDeps, type ClearOutcome, clearDestination } from "./clear-destination.ts";
import { destinationsOf, keptBy, mayDelete, type NumberedRule } from "./destinations-of.ts";
import { type DestinationPlan, destinationPlan, type MirrorPlan, type PlannedRequest } from "./mirror-plan.ts";
import type { MirrorsTally } from "./mirrors-counts.ts";
import type { PrivateSide } from "./private-side.ts";
import { readPublicSide } from "./public-side.ts";
import { type SelectedImage, selectImages } from "./select-images.ts";
import type { Reference } from "./source.ts";

export interface ReconcileMirrorDeps extends ClearDeps {
  readonly observer: Observer;
  readonly now: () => Date;
  /** Alias of the public registry, for the addresses of a plan. */
  readonly alias?: string | undefined;
  /** Asks the mirror for an image. */
  readonly request: (repository: string, reference: Reference) => Promise<void>;
  /** Private repositories that the rules publish to a destination. */
  readonly sourcesOf: (destination: string) => Promise<readonly string[]>;
}

export interface MirrorRequest {
  readonly side: PrivateSide;
  /** The only destination to look at; all that the rules give without it. */
  readonly only?: string;
}

/**
 * Holds one private repository against the public ones that the rules give to it: asks the mirror for what is missing there, and takes away
 * what is to go, unless the policy leaves that to another Region's stack. Counts in `tally`, tells each decision; a plan tells and writes nothing.
 *
 * One destination that fails keeps neither the others nor the requests from being done. Errors: AutopilotError, the first one that another
 * try may mend, or else the first.
 */
export async function reconcileMirror(
  deps: ReconcileMirrorDeps,
  mode: "apply" | "plan",
  { side, only }: MirrorRequest,
  tally: MirrorsTally,
): Promise<MirrorPlan | undefined> {
  const { repository } = side;
  const { selected, impossible } = selectImages(deps.policy, side);
  const missing = new Map<string, PlannedRequest>();
  const plans: DestinationPlan[] = [];
  const failures: unknown[] = [];
  for (const [destination, rules] of destinationsOf(deps.policy, repository)) {
    if (only !== undefined && destination !== only) continue;
    try {
      const own = selected.filter(({ selection }) => selection.destination === destination);
      const found = await reconcileDestination(deps, mode, { side, destination, rules, selected: own }, tally);
      const place = deps.alias === undefined ? destination : `public.ecr.aws/${deps.alias}/${destination}`;
      for (const image of found.missing) addTo(missing, image, place);
      if (found.plan !== undefined) plans.push(found.plan);
    } catch (error) {
      failures.push(error);
    }
  }
  for (const { reference, tags } of missing.values()) {
    tally.requested += 1;
    if (mode === "plan") continue;
    await deps.request(repository, reference);
    deps.observer.decided({ decision: "mirror-requested", repository, ...reference, tags });
  }
  if (failures.length > 0) throw failures.find((error) => !isPermanent(error)) ?? failures[0];
  if (missing.size + plans.length + impossible.length === 0) return undefined;
  return { repository, requests: [...missing.values()], destinations: plans, impossible };
}

interface DestinationRequest {
  readonly side: PrivateSide;
  readonly destination: string;
  readonly rules: readonly NumberedRule[];
  readonly selected: readonly SelectedImage[];
}

async function reconcileDestination(
  deps: ReconcileMirrorDeps,
  mode: "apply" | "plan",
  { side, destination, rules, selected }: DestinationRequest,
  tally: MirrorsTally,
): Promise<{ readonly missing: readonly MissingImage[]; readonly plan: DestinationPlan | undefined }> {
  const { policy } = deps;
  const untagged = side.about.filter(({ tag }) => tag === undefined).map(({ digest }) => digest);
  const there = await readPublicSide(deps.publicEcr, destination, new Set(untagged));
  const keeping = keptBy(rules);
  const now = deps.now();
  const { missing, conflicts } = backFill({ policy, side, selected, there, keeping, now });
  tally.conflicts += conflicts.length;

  const outcomes: ClearOutcome[] = [];
  const tell = (outcome: ClearOutcome) => {
    count(tally, outcome);
    if (mode === "plan") outcomes.push(outcome);
    else tellOutcome(deps.observer, { repository: side.repository, destination }, outcome);
  };
  const isCleared = publicSideElsewhere(policy, deps.region) === undefined && rules.some(({ rule }) => mayDelete(rule));
  if (there !== undefined && isCleared) {
    const allowance = (rule: number) => (policy.mirror[rule]?.deletion?.atMost ?? 0) - (tally.deletedByRule[rule] ?? 0);
    const others = async () => (await deps.sourcesOf(destination)).filter((other) => other !== side.repository);
    await clearDestination(deps, { mode, side, destination, there, keeping, allowance, others, now }, tell);
  }
  return { missing, plan: mode === "plan" ? destinationPlan(destination, conflicts, outcomes) : undefined };
}

/** One request for an image, whatever the number of its destinations. */
function addTo(missing: Map<string, PlannedRequest>, { reference, tags }: MissingImage, place: string): void {
  const key = JSON.stringify(reference);
  const known = missing.get(key) ?? { tags: [], addresses: [] };
  const addresses = [...known.addresses, ...tags.map((tag) => `${place}:${tag}`)];
  missing.set(key, { reference, tags: [...new Set([...known.tags, ...tags])], addresses });
}

function count(tally: MirrorsTally, outcome: ClearOutcome): void {
  switch (outcome.outcome) {
    case "deleted": {
      const { cause, rule } = outcome.going;
      if (cause === "retention") tally.dropped += 1;
      else tally.deleted += 1;
      if (rule !== undefined) {
        tally.deletedByRule = { ...tally.deletedByRule, [rule]: (tally.deletedByRule[rule] ?? 0) + 1 };
      }
      return;
    }
    case "followed":
      tally.followed += 1;
      return;
    case "waiting":
      tally.waiting += outcome.missing.length;
      return;
    case "held":
      tally.held += outcome.tags.length;
  }
}

function tellOutcome(
  observer: Observer,
  place: { readonly repository: string; readonly destination: string },
  outcome: ClearOutcome,
): void {
  if (outcome.outcome === "deleted") {
    const { tag, digest, cause, reason } = outcome.going;
    observer.decided({ decision: "public-tag-deleted", ...place, tag, digest, cause, reason });
  } else if (outcome.outcome === "followed" && outcome.tag !== undefined) {
    const { tag, digest } = outcome;
    const reason = "the image that it is about is gone";
    observer.decided({ decision: "public-tag-deleted", ...place, tag, digest, cause: "follows", reason });
  } else if (outcome.outcome === "held") {
    const { tags, reason } = outcome;
    observer.decided({ decision: "public-deletion-waits", ...place, tags, reason });
  } else if (outcome.outcome === "waiting" && outcome.isNew) {
    const tags = outcome.missing.map(({ tag }) => tag);
    const due = outcome.missing.map((one) => one.due.toISOString()).sort()[0] ?? "";
    const reason = `their private tags are gone; they go from ${due} on, unless these come back`;
    observer.decided({ decision: "public-deletion-waits", ...place, tags, due, reason });
  }
}
