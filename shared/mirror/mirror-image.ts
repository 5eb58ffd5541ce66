import { AutopilotError, isPermanent, transient } from "../errors.ts";
import { subjectOfTag } from "../policy/companion-tag.ts";
import { mirrorSelections, needsAllTags, onlyLatest } from "../policy/mirror-rules.ts";
import type { Policy } from "../policy/schema.ts";
import { isPublished } from "./is-published.ts";
import { indexesNaming } from "./parents.ts";
import { type PublishDeps, type PublishOutcome, publishImage } from "./publish-image.ts";
import type { Reference, SourceImage } from "./source.ts";

export interface MirrorDeps extends PublishDeps {
  readonly policy: Pick<Policy, "mirror">;
}

export interface MirrorRequest {
  readonly repository: string;
  /** What was pushed, scanned or asked for; what it leads to now is what counts. */
  readonly reference: Reference;
  /** Whether an image without a tag stands for the indexes that name it, as one does that was scanned; a child that was pushed does not. */
  readonly orParents: boolean;
  /** Only looks: what is public already is told as `unchanged`, what is not as `unpublished`, and nothing is written. */
  readonly lookOnly?: boolean;
}

/** What became of a request: one outcome for each destination, or why there was none. */
export type MirrorOutcome =
  | PublishOutcome
  /** Only looked at: it is selected, and as far as the look can tell not public, or not under all its tags. */
  | {
      readonly outcome: "unpublished";
      readonly destination: string;
      readonly digest: string;
      readonly tags: readonly string[];
    }
  /** The source image is not there (any more): a normal outcome. */
  | { readonly outcome: "gone"; readonly reference: Reference }
  | { readonly outcome: "not-selected"; readonly reason: string; readonly digest?: string }
  /** A rule selects it, and its destination cannot be. */
  | { readonly outcome: "refused"; readonly gate: "name"; readonly reason: string; readonly digest: string };

/** Moves of source tags that are followed within one invocation. */
const ROUNDS = 5;
/** A signature of an SBOM of an image: deeper chains are nobody's. */
const DEEPEST = 4;

/**
 * Makes public what the policy selects of an image, as the private registry has it now: not what an event said, which may be old. All tags of
 * a digest travel together. A signature, SBOM or attestation leads to the image that it is about. In the end the tags are read again, and what
 * moved meanwhile is followed: so an old event after a newer one, and two invocations at once, end in the newest digest.
 *
 * `tell` gets each outcome as soon as it is there. Errors: AutopilotError; transient `source-tag-moving` when tags moved in every round.
 */
export async function mirrorImage(
  deps: MirrorDeps,
  { reference, ...request }: MirrorRequest,
  tell: (outcome: MirrorOutcome) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  let waiting: Reference[] = [reference];
  for (let round = 0; waiting.length > 0; round++) {
    if (round >= ROUNDS) {
      throw transient(
        "source-tag-moving",
        `tags of '${request.repository}' moved ${ROUNDS} times while they were copied`,
      );
    }
    const moved: Reference[] = [];
    for (const one of waiting) {
      moved.push(...(await mirrorOnce(deps, { ...request, reference: one }, tell, failures)));
    }
    waiting = moved;
  }
  // One that another try may mend brings the others back, too.
  if (failures.length > 0) throw failures.find((failure) => !isPermanent(failure)) ?? failures[0];
}

/** Gives the references that must be looked at again. What fails for one destination must not hold back the others: it goes to `failures`. */
async function mirrorOnce(
  deps: MirrorDeps,
  request: MirrorRequest,
  tell: (outcome: MirrorOutcome) => Promise<void>,
  failures: unknown[],
): Promise<Reference[]> {
  const { reference } = request;
  const { images, isAccessory } = await resolve(deps, request);
  if (images.length === 0) await tell({ outcome: "gone", reference });
  const again: Reference[] = [];
  for (const image of images) {
    again.push(...(await mirrorFound(deps, { ...request, image, isAccessory }, tell, failures)));
  }
  return again;
}

interface Found extends Omit<MirrorRequest, "orParents"> {
  readonly image: SourceImage;
  /** Whether the reference is to something that is about the image. */
  readonly isAccessory: boolean;
}

async function mirrorFound(
  deps: MirrorDeps,
  { repository, reference, image, isAccessory, lookOnly = false }: Found,
  tell: (outcome: MirrorOutcome) => Promise<void>,
  failures: unknown[],
): Promise<Reference[]> {
  const { source, policy } = deps;
  const { digest } = image;
  if (image.archived) {
    await tell({ outcome: "not-selected", reason: `${digest} is in the archive, and cannot be pulled`, digest });
    return [];
  }
  const decision = mirrorSelections(policy, repository, image.tags);
  if ("notSelected" in decision) {
    await tell({ outcome: "not-selected", reason: decision.notSelected, digest });
    return [];
  }
  for (const reason of decision.impossible) await tell({ outcome: "refused", gate: "name", reason, digest });
  const selections = needsAllTags(policy, repository)
    ? onlyLatest(policy, repository, decision.selections, await Array.fromAsync(source.images(repository)))
    : decision.selections;
  if (selections.length === 0 && decision.impossible.length === 0) {
    await tell({ outcome: "not-selected", reason: `newer tags of '${repository}' take the place of this one`, digest });
  }

  const written = new Set<string>();
  for (const selection of selections) {
    const rule = policy.mirror[selection.rule];
    if (rule === undefined) continue;
    try {
      const publishing = { repository, image, rule, selection, accessories: isAccessory };
      if (lookOnly) {
        const outcome = (await isPublished(deps, publishing)) ? "unchanged" : "unpublished";
        await tell({ outcome, destination: selection.destination, digest, tags: selection.tags });
        continue;
      }
      const outcome = await publishImage(deps, publishing);
      await tell(outcome);
      if (outcome.outcome === "mirrored") for (const tag of outcome.tags) written.add(tag);
    } catch (error) {
      // What the source lacks may have been deleted because its tag moved on, or is gone itself: that is seen when it is looked at again.
      if (isMissingAtSource(error) && (await source.describe(repository, { digest })) === undefined) return [reference];
      failures.push(error);
    }
  }
  const still = written.size === 0 ? [] : await source.tagsOf(repository, digest, [...written]);
  return [...written].filter((tag) => !still.includes(tag)).map((tag) => ({ tag }));
}

/**
 * The image that a reference is, or, of a signature and the like, the one that it is about; where that is a child, which has no tag of its
 * own, the indexes that name it.
 */
async function resolve(
  { source, now }: MirrorDeps,
  { repository, reference, orParents }: MirrorRequest,
): Promise<{ readonly images: readonly SourceImage[]; readonly isAccessory: boolean }> {
  const subject = "tag" in reference ? subjectOfTag(reference.tag) : undefined;
  let isAccessory = subject !== undefined;
  let image = await source.describe(repository, subject === undefined ? reference : { digest: subject.digest });
  for (let depth = 0; image?.subject !== undefined && depth < DEEPEST; depth++) {
    isAccessory = true;
    image = await source.describe(repository, { digest: image.subject });
  }
  if (image === undefined) return { images: [], isAccessory };
  const parents: SourceImage[] = [];
  if ((isAccessory || orParents) && image.tags.length === 0) {
    for (const digest of await indexesNaming(source, repository, image.digest, now())) {
      const parent = await source.describe(repository, { digest });
      if (parent !== undefined) parents.push(parent);
    }
  }
  return { images: parents.length > 0 ? parents : [image], isAccessory };
}

function isMissingAtSource(error: unknown): boolean {
  const codes = ["child-missing", "registry-blob-not-found", "source-layer-missing", "source-image-gone"];
  return error instanceof AutopilotError && codes.includes(error.code);
}
