import { permanent } from "../errors.ts";
import { inParallel } from "../pacing/in-parallel.ts";
import { subjectOfTag, tagsOfSubject } from "../policy/companion-tag.ts";
import type { RemoteManifest } from "../registry/manifests.ts";
import { type ImagePlan, planImage } from "./plan.ts";
import type { MirrorSource } from "./source.ts";

/** A signature, SBOM or attestation of an image: an image of its own that travels with it. */
export interface Accessory {
  /** Digest that it is about. */
  readonly subject: string;
  /** `sha256-<hex>.sig` and the like; undefined for an OCI 1.1 referrer, which has no tag. */
  readonly tag: string | undefined;
  readonly root: RemoteManifest;
  readonly plan: ImagePlan;
}

const READ_AT_ONCE = 4;
/** Bounds of ours: a signed image has a handful, of a few hundred bytes each, and all of their manifests are held at once. */
const MOST_ACCESSORIES = 500;
const MOST_BYTES = 32 * 1024 * 1024;
/** Tags that are asked for in one call: BatchGetImage takes 100 (API model, imageIds). */
const TAGS_AT_ONCE = 100;

/**
 * Everything that is about one of these digests, and about that in turn: a signature of an SBOM comes, too. Found both ways, by the OCI 1.1
 * `subject` and by cosign's tags, each once; whatever is about something comes after it.
 *
 * Errors: those of planImage; permanent `image-too-large` above 500, or above 32 MiB of manifests.
 */
export async function collectAccessories(
  source: MirrorSource,
  repository: string,
  digests: readonly string[],
): Promise<Accessory[]> {
  const found = new Map<string, Accessory>();
  const asked = new Set(digests);
  let subjects = [...asked];
  let bytes = 0;
  while (subjects.length > 0) {
    const level: string[] = [];
    const take: Take = async (subject, tag, root) => {
      const accessory = { subject, tag, root, plan: await planImage(source.client, repository, root) };
      found.set(tag ?? root.digest, accessory);
      level.push(root.digest);
      bytes += accessory.plan.manifests.reduce((sum, manifest) => sum + manifest.bytes.length, 0);
      if (found.size > MOST_ACCESSORIES) {
        throw permanent("image-too-large", `more than ${MOST_ACCESSORIES} manifests refer to ${digests.at(-1)}`);
      }
      if (bytes > MOST_BYTES) {
        throw permanent(
          "image-too-large",
          `the manifests that refer to ${digests.at(-1)} have more than ${MOST_BYTES} bytes`,
        );
      }
    };
    await referring(source, repository, subjects, take);
    await tagged(source, repository, subjects, take);
    subjects = level.filter((digest) => !asked.has(digest));
    for (const digest of subjects) asked.add(digest);
  }
  return [...found.values()];
}

/** Reads what one manifest needs, and keeps it. Errors: above the bounds. */
type Take = (subject: string, tag: string | undefined, root: RemoteManifest) => Promise<void>;

async function referring(
  source: MirrorSource,
  repository: string,
  subjects: readonly string[],
  take: Take,
): Promise<void> {
  await inParallel(subjects, READ_AT_ONCE, async (subject) => {
    for (const { digest } of await source.referrers(repository, subject)) {
      const root = await source.client.getManifest(repository, digest);
      // Deleted since it was listed: there is nothing to publish.
      if (root !== undefined) await take(subject, undefined, root);
    }
  });
}

async function tagged(
  source: MirrorSource,
  repository: string,
  subjects: readonly string[],
  take: Take,
): Promise<void> {
  // The list of referrers itself is not copied: the destination has its own, written with each referrer.
  const wanted = subjects.flatMap((subject) =>
    tagsOfSubject(subject)
      .filter((tag) => subjectOfTag(tag)?.kind !== "referrers")
      .map((tag) => [tag, subject] as const),
  );
  for (let start = 0; start < wanted.length; start += TAGS_AT_ONCE) {
    const asked = new Map(wanted.slice(start, start + TAGS_AT_ONCE));
    for (const [tag, root] of await source.manifestsOfTags(repository, [...asked.keys()])) {
      const subject = asked.get(tag);
      if (subject !== undefined) await take(subject, tag, root);
    }
  }
}
