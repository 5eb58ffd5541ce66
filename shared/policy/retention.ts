import { isCompanionTag } from "./companion-tag.ts";
import { matchesGlob } from "./glob.ts";
import { amongNewest } from "./newest.ts";
import type { MirrorRule } from "./schema.ts";
import { compareVersions, parseVersion } from "./version.ts";

const DAY = 24 * 60 * 60 * 1000;

export interface PublicTag {
  readonly tag: string;
  readonly digest: string;
  /** When the image was pushed; ECR Public does not tell when it got the tag. */
  readonly pushedAt?: Date | undefined;
}

export interface TagToDrop {
  readonly tag: string;
  readonly reason: string;
}

type Entry = MirrorRule["retention"][number];

/**
 * Which tags of a public repository a rule's retention lets go, in the order of `publicTags`, which are all of the repository's: the first
 * entry whose pattern matches a tag decides, and a tag that none matches is kept. Only the tag goes, so another tag of the
 * same digest is no reason to keep it.
 *
 * With `newest` and `days`, what either keeps is kept. Tags that are versions are ranked among themselves by version, the others among
 * themselves by time. In doubt a tag is kept: equals stand or fall together, a time that is not known is never old, and signatures and
 * the like belong to an image that may be there without a tag.
 */
export function tagsToDrop(
  rule: Pick<MirrorRule, "retention">,
  publicTags: readonly PublicTag[],
  now: Date,
): TagToDrop[] {
  const deciding = publicTags
    .filter(({ tag }) => !isCompanionTag(tag))
    .map((one) => ({ ...one, entry: rule.retention.find((entry) => matchesGlob(entry.tags, one.tag)) }));
  const isNewest = new Map(
    rule.retention.map(
      (entry) =>
        [
          entry,
          newestBy(
            entry,
            deciding.filter((one) => one.entry === entry),
          ),
        ] as const,
    ),
  );
  return deciding.flatMap(({ entry, ...one }) => {
    if (entry === undefined || isNewest.get(entry)?.(one) !== false) return [];
    const age = (now.getTime() - (one.pushedAt?.getTime() ?? Number.NaN)) / DAY;
    // An age that is not a number is within any limit.
    if (entry.days !== undefined && !(age > entry.days)) return [];
    return [{ tag: one.tag, reason: reasonOf(entry, age) }];
  });
}

/** Whether `newest` of the entry keeps one of the tags that the entry decides about; nothing, where it is not given. */
function newestBy({ newest }: Entry, tags: readonly PublicTag[]): (one: PublicTag) => boolean {
  if (newest === undefined) return () => false;
  const versions = tags.flatMap(({ tag }) => parseVersion(tag) ?? []);
  const times = tags.flatMap(({ tag, pushedAt }) => (parseVersion(tag) || !pushedAt ? [] : [pushedAt.getTime()]));
  const isNewestVersion = amongNewest(versions, newest, compareVersions);
  const isNewestTime = amongNewest(times, newest, (a, b) => a - b);
  return ({ tag, pushedAt }) => {
    const version = parseVersion(tag);
    if (version !== undefined) return isNewestVersion(version);
    return pushedAt === undefined || isNewestTime(pushedAt.getTime());
  };
}

function reasonOf({ tags, newest, days }: Entry, age: number): string {
  const kept = [
    ...(newest === undefined ? [] : [`the newest ${newest}`]),
    ...(days === undefined ? [] : [`${days} days`]),
  ];
  const pushed = days === undefined ? "" : `, and it was pushed ${Math.ceil(age)} days ago`;
  return `${tags} keeps ${kept.join(" and ")}${pushed}`;
}
