import { matchesGlob } from "../policy/glob.ts";
import { type PublicTag, tagsToDrop } from "../policy/retention.ts";
import type { MirrorRule, Policy } from "../policy/schema.ts";
import type { Conflict } from "./decide-publication.ts";
import type { PrivateSide } from "./private-side.ts";
import type { PublicSide } from "./public-side.ts";
import type { SelectedImage } from "./select-images.ts";
import type { Reference } from "./source.ts";

/** An image that should be public and is not, wholly or in part. */
export interface MissingImage {
  /** What to ask the mirror for: a digest, or the tag of a signature. */
  readonly reference: Reference;
  /** Public tags that would be written; none where only what is about a published image is missing. */
  readonly tags: readonly string[];
}

export interface BackFill {
  readonly missing: readonly MissingImage[];
  readonly conflicts: readonly Conflict[];
}

export interface BackFillRequest {
  readonly policy: Pick<Policy, "mirror">;
  readonly side: Pick<PrivateSide, "about">;
  /** What the rules select for one destination. */
  readonly selected: readonly SelectedImage[];
  /** Undefined while there is no public repository. */
  readonly there: PublicSide | undefined;
  /** A rule with the retention of the destination, where it has one. */
  readonly keeping: Pick<MirrorRule, "retention"> | undefined;
  readonly now: Date;
}

/**
 * What one destination lacks of what the rules select, told by tags and digests alone. Not asked for is a tag that the policy holds immutable
 * and that has another digest, and a tag that retention would take away again, judged by the time of the private push. Where a rule takes
 * some platforms only, the public digest is another one, which tags cannot tell: in doubt the image is asked for, and the mirror sees.
 *
 * What is about an image that is public already, and has no public counterpart, is asked for by itself: once for each image.
 */
export function backFill(request: BackFillRequest): BackFill {
  const { policy, side, selected, there } = request;
  const conflicts: Conflict[] = [];
  const wanted = selected.flatMap(({ image, selection }) => {
    const rule = policy.mirror[selection.rule];
    const tags = selection.tags.filter((tag) => {
      const published = there?.tags.get(tag)?.digest;
      if (published === image.digest) return false;
      const isFixed = rule?.immutable.some((pattern) => matchesGlob(pattern, tag)) === true;
      if (published === undefined || !isFixed || rule?.platforms !== undefined) return true;
      conflicts.push({ tag, published, pushed: image.digest });
      return false;
    });
    return tags.length === 0 ? [] : [{ image, tags }];
  });
  // The oldest first, as they were pushed: retention goes by the time of the public push.
  wanted.sort((one, other) => timeOf(one.image) - timeOf(other.image));

  const retired = retiredTags(request, wanted);
  const missing = wanted.flatMap(({ image, tags }): MissingImage[] => {
    const kept = tags.filter((tag) => !retired.has(tag));
    return kept.length === 0 ? [] : [{ reference: { digest: image.digest }, tags: kept }];
  });
  const asked = new Set(wanted.map(({ image }) => image.digest));
  const roots = new Set(selected.map(({ image }) => image.digest).filter((digest) => !asked.has(digest)));
  return { missing: [...missing, ...missingAbout(side, roots, there)], conflicts };
}

function timeOf({ pushedAt }: SelectedImage["image"]): number {
  return pushedAt?.getTime() ?? Number.MAX_VALUE;
}

/** Of the wanted tags, those that retention would not keep beside what is public. */
function retiredTags(
  { keeping, there, now }: BackFillRequest,
  wanted: readonly { readonly image: SelectedImage["image"]; readonly tags: readonly string[] }[],
): ReadonlySet<string> {
  if (keeping === undefined || wanted.length === 0) return new Set();
  const all = new Map<string, PublicTag>();
  for (const [tag, { digest, pushedAt }] of there?.tags ?? []) all.set(tag, { tag, digest, pushedAt });
  for (const { image, tags } of wanted) {
    for (const tag of tags) all.set(tag, { tag, digest: image.digest, pushedAt: image.pushedAt });
  }
  return new Set(tagsToDrop(keeping, [...all.values()], now).map(({ tag }) => tag));
}

/** A signature of an SBOM of an image: deeper chains are nobody's. */
const DEEPEST = 4;

/** `roots`: images whose public tags are as they should be. */
function missingAbout(
  { about }: Pick<PrivateSide, "about">,
  roots: ReadonlySet<string>,
  there: PublicSide | undefined,
): MissingImage[] {
  if (there === undefined || about.length === 0) return [];
  const subjectOf = new Map(about.map(({ digest, subject }) => [digest, subject]));
  const found = new Map<string, MissingImage>();
  for (const { digest, tag, subject } of about) {
    const isThere = tag === undefined ? there.present.has(digest) : there.tags.get(tag)?.digest === digest;
    if (isThere) continue;
    let root: string | undefined = subject;
    for (let depth = 0; root !== undefined && !roots.has(root) && depth < DEEPEST; depth++) root = subjectOf.get(root);
    if (root === undefined || !roots.has(root) || found.has(root)) continue;
    found.set(root, { reference: tag === undefined ? { digest } : { tag }, tags: [] });
  }
  return [...found.values()];
}
