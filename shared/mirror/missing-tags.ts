import { createHash } from "node:crypto";
import { mirrorSelections } from "../policy/mirror-rules.ts";
import type { Policy } from "../policy/schema.ts";

/** A public tag whose private tag is gone. */
export interface MissingTag {
  readonly tag: string;
  readonly digest: string;
  /** The rule that says that a deletion is followed, by its position in the policy. */
  readonly rule: number;
  /** When it was first seen missing: now, or the time of its mark. */
  readonly since: Date;
  /** When it may go. */
  readonly due: Date;
}

export interface MissingTags {
  /** The longest missing first. */
  readonly missing: readonly MissingTag[];
  /** Resource tags to write, so that the next run knows since when these are missing. */
  readonly marks: Readonly<Record<string, string>>;
  /** Keys of resource tags to take away: the private tag is back, or the public one has gone. */
  readonly stale: readonly string[];
}

/** Keys of the marks begin so; what follows is of the tag, which may have characters that a resource tag must not have. */
const MARK = "ecr-autopilot:missing:";
/** AWS takes 50 resource tags (https://docs.aws.amazon.com/AmazonECR/latest/public/ecr-public-using-tags.html); some are left to others. */
const MOST_TAGS = 50;
const MOST_MARKS = 40;
const HOUR_MS = 3_600_000;

export function markOf(tag: string): string {
  return MARK + createHash("sha256").update(tag).digest("hex").slice(0, 16);
}

/**
 * Which public tags of a destination have lost their private tag, and since when. Only a tag that some rule would select for this destination
 * counts, and only where every rule that would says that deletions are followed. State is kept in the public repository's own
 * resource tags: at most 40 tags have a mark at one time, and the time of the others begins once there is room.
 */
export function missingTags({
  policy,
  repository,
  destination,
  privateTags,
  publicTags,
  resourceTags,
  now,
}: {
  readonly policy: Pick<Policy, "mirror">;
  readonly repository: string;
  readonly destination: string;
  readonly privateTags: ReadonlySet<string>;
  readonly publicTags: ReadonlyMap<string, { readonly digest: string }>;
  readonly resourceTags: Readonly<Record<string, string>>;
  readonly now: Date;
}): MissingTags {
  const lost = [...publicTags.keys()].filter((tag) => !privateTags.has(tag));
  const ruleOf = followingRules(policy, repository, destination, lost);
  const missing = lost.flatMap((tag): MissingTag[] => {
    const rule = ruleOf.get(tag);
    const graceHours = rule === undefined ? undefined : policy.mirror[rule]?.deletion?.graceHours;
    if (rule === undefined || graceHours === undefined) return [];
    const marked = Date.parse(resourceTags[markOf(tag)] ?? "");
    // A time in the future is nobody's: a mark that was written by hand must not keep a tag for ever.
    const since = marked <= now.getTime() ? new Date(marked) : now;
    const due = new Date(since.getTime() + graceHours * HOUR_MS);
    return [{ tag, digest: publicTags.get(tag)?.digest ?? "", rule, since, due }];
  });
  missing.sort((a, b) => a.since.getTime() - b.since.getTime() || (a.tag < b.tag ? -1 : 1));

  const keys = Object.keys(resourceTags);
  const marked = new Set(missing.map(({ tag }) => markOf(tag)));
  const stale = keys.filter((key) => key.startsWith(MARK) && !marked.has(key));
  const held = keys.filter((key) => key.startsWith(MARK)).length - stale.length;
  const room = Math.max(0, Math.min(MOST_MARKS - held, MOST_TAGS - (keys.length - stale.length)));
  const unmarked = missing.filter(({ tag, due, since }) => {
    // Without grace there is nothing to remember.
    return due > now && Date.parse(resourceTags[markOf(tag)] ?? "") !== since.getTime();
  });
  const isNew = ({ tag }: MissingTag) => !keys.includes(markOf(tag));
  const kept = unmarked.filter((one) => !isNew(one));
  const marks = [...kept, ...unmarked.filter(isNew).slice(0, room)].map(({ tag, since }) => [
    markOf(tag),
    since.toISOString(),
  ]);
  return { missing, marks: Object.fromEntries(marks), stale };
}

/** The rule for each tag; none for a tag that some rule selects and holds for ever. */
function followingRules(
  policy: Pick<Policy, "mirror">,
  repository: string,
  destination: string,
  tags: readonly string[],
): ReadonlyMap<string, number> {
  const decision = mirrorSelections(policy, repository, tags);
  const selections = "notSelected" in decision ? [] : decision.selections;
  const own = selections.filter((selection) => selection.destination === destination);
  const held = own.filter(({ rule }) => policy.mirror[rule]?.deletion === undefined).flatMap(({ tags }) => tags);
  const kept = new Set(held);
  const rules = new Map<string, number>();
  for (const { rule, tags } of own) for (const tag of tags) if (!kept.has(tag)) rules.set(tag, rule);
  return rules;
}
