import { type MirrorSelection, mirrorSelections, needsAllTags, onlyLatest } from "../policy/mirror-rules.ts";
import type { Policy } from "../policy/schema.ts";
import type { PrivateSide, TaggedImage } from "./private-side.ts";

/** An image, and what one rule wants public of it. */
export interface SelectedImage {
  readonly image: TaggedImage;
  readonly selection: MirrorSelection;
}

export interface SelectedImages {
  readonly selected: readonly SelectedImage[];
  /** Destinations that cannot be, a sentence each. */
  readonly impossible: readonly string[];
}

/** Everything in a repository that the rules select now: what mirrorImage decides of one image, of all of them in one go. */
export function selectImages(
  policy: Pick<Policy, "mirror">,
  { repository, images }: Pick<PrivateSide, "repository" | "images">,
): SelectedImages {
  const impossible = new Set<string>();
  const selected = images.flatMap((image) => {
    const decision = mirrorSelections(policy, repository, image.tags);
    if ("notSelected" in decision) return [];
    for (const reason of decision.impossible) impossible.add(reason);
    return decision.selections.map((selection) => ({ image, selection }));
  });
  const found = needsAllTags(policy, repository) ? latestOf(policy, repository, images, selected) : selected;
  return { selected: found, impossible: [...impossible] };
}

/** Asks for all tags of a rule at once: what is newest is found by looking at all images, and they may be many. */
function latestOf(
  policy: Pick<Policy, "mirror">,
  repository: string,
  images: readonly TaggedImage[],
  selected: readonly SelectedImage[],
): SelectedImage[] {
  const ofRule = new Map<string, MirrorSelection & { readonly tags: string[] }>();
  for (const { selection } of selected) {
    const all = ofRule.get(keyOf(selection)) ?? { ...selection, tags: [] };
    all.tags.push(...selection.tags);
    ofRule.set(keyOf(selection), all);
  }
  const latest = onlyLatest(policy, repository, [...ofRule.values()], images);
  const tagsOf = new Map(latest.map((selection) => [keyOf(selection), new Set(selection.tags)]));
  return selected.flatMap(({ image, selection }) => {
    const tags = selection.tags.filter((tag) => tagsOf.get(keyOf(selection))?.has(tag) === true);
    return tags.length === 0 ? [] : [{ image, selection: { ...selection, tags } }];
  });
}

function keyOf({ rule, destination }: MirrorSelection): string {
  return `${rule} ${destination}`;
}
