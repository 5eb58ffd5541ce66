import type { MissingImage } from "./back-fill.ts";
import type { ClearOutcome } from "./clear-destination.ts";
import type { Conflict } from "./decide-publication.ts";

/** What a sweep would do for one private repository. */
export interface MirrorPlan {
  readonly repository: string;
  /** Images that would be asked of the mirror; its gates decide then. */
  readonly requests: readonly PlannedRequest[];
  readonly destinations: readonly DestinationPlan[];
  /** Destinations that cannot be, a sentence each. */
  readonly impossible: readonly string[];
  /** Why it could not be looked at. */
  readonly failure?: string;
}

export interface PlannedRequest extends MissingImage {
  /**
   * Where it would be public: `public.ecr.aws/<alias>/<name>:<tag>`, or the name and the tag alone while the account has no alias yet. None for what is
   * about a published image.
   */
  readonly addresses: readonly string[];
}

export interface DestinationPlan {
  readonly destination: string;
  readonly conflicts: readonly Conflict[];
  /** `when`: now, or the time at which the grace of a deletion ends. */
  readonly deletions: readonly {
    readonly tag: string;
    readonly digest: string;
    readonly cause: "retention" | "deletion";
    readonly when: string;
    readonly reason: string;
  }[];
  /** What would go with them. */
  readonly followers: readonly { readonly digest: string; readonly tag?: string }[];
  readonly held: readonly { readonly tags: readonly string[]; readonly reason: string }[];
}

/** The plan for one destination, out of what clearing it has told. */
export function destinationPlan(
  destination: string,
  conflicts: readonly Conflict[],
  outcomes: readonly ClearOutcome[],
): DestinationPlan | undefined {
  const deletions = outcomes.flatMap((outcome) => {
    if (outcome.outcome === "deleted") {
      const { tag, digest, cause, reason } = outcome.going;
      return [{ tag, digest, cause, when: "now", reason }];
    }
    if (outcome.outcome !== "waiting") return [];
    return outcome.missing.map(({ tag, digest, due, since }) => ({
      ...{ tag, digest, cause: "deletion" as const, when: due.toISOString() },
      reason: `its private tag is gone, seen first at ${since.toISOString()}`,
    }));
  });
  const followers = outcomes.flatMap((one) => {
    if (one.outcome !== "followed") return [];
    return [{ digest: one.digest, ...(one.tag !== undefined && { tag: one.tag }) }];
  });
  const held = outcomes.flatMap((one) => (one.outcome === "held" ? [{ tags: one.tags, reason: one.reason }] : []));
  if (conflicts.length + deletions.length + held.length === 0) return undefined;
  return { destination, conflicts, deletions, followers, held };
}

/** A plan for a person: one paragraph for each repository, one line for each change. */
export function mirrorsInWords(plans: readonly MirrorPlan[]): string {
  if (plans.length === 0) return "Everything that the rules select is public, and nothing would go.";
  return plans.map(inWords).join("\n\n");
}

function inWords({ repository, requests, destinations, impossible, failure }: MirrorPlan): string {
  return [
    repository,
    ...(failure === undefined ? [] : [`  could not be looked at: ${failure}`]),
    ...requests.map(({ reference, tags, addresses }) => {
      const what = "tag" in reference ? reference.tag : reference.digest;
      return tags.length === 0
        ? `  would be asked for: ${what}, which is about a published image`
        : `  would be asked for: ${tags.join(", ")} (${what}), for ${addresses.join(", ")}`;
    }),
    ...impossible.map((reason) => `  cannot be: ${reason}`),
    ...destinations.flatMap(({ destination, conflicts, deletions, followers, held }) => [
      ...conflicts.map(
        ({ tag, published, pushed }) =>
          `  is a conflict: ${destination}:${tag} is ${published}, and must stay it; the private one is ${pushed}`,
      ),
      ...deletions.map(({ tag, when, reason }) => `  would be deleted ${at(when)}: ${destination}:${tag}: ${reason}`),
      ...(followers.length === 0
        ? []
        : [`  would go with them: ${followers.map(({ tag, digest }) => tag ?? digest).join(", ")}`]),
      ...held.map(
        ({ tags, reason }) => `  would stay: ${tags.map((tag) => `${destination}:${tag}`).join(", ")}: ${reason}`,
      ),
    ]),
  ].join("\n");
}

function at(when: string): string {
  return when === "now" ? when : `at ${when}`;
}
