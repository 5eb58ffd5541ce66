import { tagsToDrop } from "../policy/retention.ts";
import type { MirrorRule, Policy } from "../policy/schema.ts";
import type { DroppedTag } from "./image-graph.ts";
import { type MissingTag, missingTags } from "./missing-tags.ts";
import type { PrivateSide } from "./private-side.ts";
import type { PublicSide } from "./public-side.ts";
import { SOURCE_TAG, sourceOf } from "./source-tag.ts";

/** A public tag that is to go, and why. */
export interface GoingTag extends DroppedTag {
  readonly cause: "retention" | "deletion";
  readonly reason: string;
  /** Of a deletion: the rule that says so, by its position in the policy. */
  readonly rule?: number;
}

export interface HeldTags {
  readonly tags: readonly string[];
  readonly reason: string;
}

export interface Clearing {
  readonly going: readonly GoingTag[];
  /** Their private tag is gone, and they stay for now. */
  readonly waiting: readonly MissingTag[];
  /** They would go, and stay in doubt. */
  readonly held: readonly HeldTags[];
  /** Resource tags to write, and keys of those to take away. */
  readonly marks: Readonly<Record<string, string>>;
  readonly stale: readonly string[];
}

export interface ClearingRequest {
  readonly policy: Pick<Policy, "mirror">;
  readonly side: Pick<PrivateSide, "repository" | "exists" | "isElsewhere" | "tags">;
  readonly destination: string;
  readonly there: Pick<PublicSide, "tags">;
  /** A rule with the retention of the destination, where it has one. */
  readonly keeping: Pick<MirrorRule, "retention"> | undefined;
  readonly resourceTags: Readonly<Record<string, string>>;
  /** Of the private registry. */
  readonly region: string;
  /** Other private repositories that the rules publish to this destination. */
  readonly others: readonly string[];
  /** How many tags a rule, by its position, may still delete in this sweep. */
  readonly allowance: (rule: number) => number;
  readonly now: Date;
}

/** Tags that one run takes from one repository: what each needs must be read first, and that has a rate. The rest goes in the next one. */
const MOST_GOING = 100;
const NOTHING: Clearing = { going: [], waiting: [], held: [], marks: {}, stale: [] };

/**
 * Which tags of a public repository go now: those that retention does not keep, the oldest first, and those whose private tag has been
 * missing for as long as its rule says, the longest missing first. Pure. In doubt a tag stays:
 *
 * - a repository that says by its resource tag that it was made for another private one is cleared when that one is looked at
 * - where several private repositories are published to one, nothing goes
 * - a deletion is followed only where that resource tag names the private repository: what others pushed to a public repository of their
 *   own never had a private tag
 * - of what another Region has published only retention takes something: whether its private tag is gone cannot be seen from here
 * - a private repository that is there and has no tag at all is taken for an answer that failed
 */
export function tagsToClear(request: ClearingRequest): Clearing {
  const { policy, side, destination, there, keeping, resourceTags, others, now } = request;
  const { repository } = side;
  const source = sourceOf(request.region, resourceTags);
  const isOurs = side.isElsewhere === true ? source === "elsewhere" : source === undefined || source === repository;
  if (!isOurs) return NOTHING;
  const retired = keeping === undefined ? [] : retiredTags(keeping, there, now);
  const isRetired = new Set(retired.map(({ tag }) => tag));
  const lost = missingTags({
    ...{ policy, repository, destination, resourceTags, now },
    privateTags: side.tags,
    publicTags: there.tags,
  });
  const missing = side.isElsewhere === true ? [] : lost.missing.filter(({ tag }) => !isRetired.has(tag));

  if (others.length > 0) {
    const reason = `${destination} is also published from ${others.join(", ")}, so nobody knows whose tags these are`;
    return { ...NOTHING, held: heldFor([...retired, ...missing], reason) };
  }
  if (side.isElsewhere === true) return { ...NOTHING, going: retired.slice(0, MOST_GOING) };
  const doubt = doubtOfDeletion(side, source);
  if (doubt !== undefined) {
    return { ...NOTHING, going: retired.slice(0, MOST_GOING), held: heldFor(missing, doubt) };
  }
  const following = withinAllowance(
    missing.filter(({ due }) => due <= now),
    request.allowance,
  );
  const going = [...retired, ...following.map((one) => followed(one, side))].slice(0, MOST_GOING);
  const goes = new Set(going.map(({ tag }) => tag));
  const waiting = missing.filter(({ tag }) => !goes.has(tag));
  return { going, waiting, held: [], marks: lost.marks, stale: lost.stale };
}

function retiredTags(
  keeping: Pick<MirrorRule, "retention">,
  there: Pick<PublicSide, "tags">,
  now: Date,
): readonly GoingTag[] {
  const all = [...there.tags].map(([tag, facts]) => ({ tag, ...facts }));
  const timeOf = ({ tag }: { readonly tag: string }) => there.tags.get(tag)?.pushedAt?.getTime() ?? 0;
  return tagsToDrop(keeping, all, now)
    .map(({ tag, reason }) => ({
      ...{ tag, reason, cause: "retention" as const },
      digest: there.tags.get(tag)?.digest ?? "",
    }))
    .sort((one, other) => timeOf(one) - timeOf(other));
}

function doubtOfDeletion(
  { repository, exists, tags }: ClearingRequest["side"],
  source: string | undefined,
): string | undefined {
  if (source === undefined) {
    return `the public repository has no resource tag ${SOURCE_TAG}, so its tags may never have been in ${repository}; give it the tag to have deletions followed`;
  }
  if (exists && tags.size === 0) return `${repository} is there and answers with no tag at all, which may be a mistake`;
  return undefined;
}

function withinAllowance(missing: readonly MissingTag[], allowance: (rule: number) => number): MissingTag[] {
  const left = new Map<number, number>();
  return missing.filter(({ rule }) => {
    const rest = left.get(rule) ?? allowance(rule);
    left.set(rule, rest - 1);
    return rest > 0;
  });
}

function followed({ tag, digest, rule, since }: MissingTag, { repository, exists }: ClearingRequest["side"]): GoingTag {
  const what = exists ? `the tag ${tag} of ${repository}` : `the repository ${repository}`;
  return { tag, digest, rule, cause: "deletion", reason: `${what} is gone, seen first at ${since.toISOString()}` };
}

function heldFor(tags: readonly { readonly tag: string }[], reason: string): HeldTags[] {
  return tags.length === 0 ? [] : [{ tags: tags.map(({ tag }) => tag), reason }];
}
