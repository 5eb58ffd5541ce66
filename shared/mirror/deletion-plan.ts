import { subjectOfTag } from "../policy/companion-tag.ts";
import type { DroppedTag, ImageGraph } from "./image-graph.ts";
import type { PublicSide } from "./public-side.ts";

/** What goes, in the order in which ECR lets it go, and what cannot. */
export interface DeletionPlan<Tag extends DroppedTag> {
  /** Tags that were to go, those of indexes first: an image cannot go before the index that names it. */
  readonly tags: readonly Tag[];
  /** Tags of signatures and the like, and lists of referrers, of images that go. */
  readonly companions: readonly DroppedTag[];
  /** Images without a tag that only what goes needed: indexes before their children. */
  readonly untagged: readonly string[];
  /** Tags that stay, since without them an image would go that `neededBy` needs. */
  readonly held: readonly { readonly dropped: Tag; readonly neededBy: string }[];
}

/**
 * Decides what goes with these tags: an image that loses its last tag, its children, what is about any of them, and never what something needs
 * that stays: the children of an index, the subject of a referrer, and, of whatever stays, its signatures. `alsoKept`: images that
 * have turned out to be still there. Pure.
 */
export function planDeletion<Tag extends DroppedTag>(
  graph: ImageGraph,
  side: Pick<PublicSide, "tags" | "indexes">,
  dropped: readonly Tag[],
  alsoKept: Iterable<string> = [],
): DeletionPlan<Tag> {
  const neededBy = keptWith(graph, [...graph.kept, ...alsoKept]);
  const isGoing = (digest: string) => graph.candidates.has(digest) && !neededBy.has(digest);
  const tagged = new Set([...side.tags.values()].map(({ digest }) => digest));
  const isHeld = ({ digest }: Tag) => graph.roots.has(digest) && !isGoing(digest);

  const companions: DroppedTag[] = [];
  for (const [tag, { digest }] of side.tags) {
    const subject = subjectOfTag(tag)?.digest;
    // A companion that is needed by itself goes with no tag of its own, unless another tag holds it.
    if (subject !== undefined && isGoing(subject) && (isGoing(digest) || graph.kept.has(digest))) {
      companions.push({ tag, digest });
    }
  }
  const indexesFirst = (one: DroppedTag, other: DroppedTag) =>
    Number(side.indexes.has(other.digest)) - Number(side.indexes.has(one.digest));
  return {
    tags: dropped.filter((one) => !isHeld(one)).sort(indexesFirst),
    companions: companions.sort(indexesFirst),
    untagged: [...graph.candidates].filter((digest) => isGoing(digest) && !tagged.has(digest)),
    held: dropped.filter(isHeld).map((one) => ({ dropped: one, neededBy: neededBy.get(one.digest) ?? "" })),
  };
}

/** Everything that stays, each with the image that it stays for. */
function keptWith({ needs, about }: ImageGraph, start: readonly string[]): ReadonlyMap<string, string> {
  const neededBy = new Map(start.map((digest) => [digest, digest]));
  const waiting = [...start];
  for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
    for (const other of [...(needs.get(digest) ?? []), ...(about.get(digest) ?? [])]) {
      if (neededBy.has(other)) continue;
      neededBy.set(other, digest);
      waiting.push(other);
    }
  }
  return neededBy;
}
