import type { ECRClient } from "@aws-sdk/client-ecr";
import { listImages } from "../ecr/images.ts";
import { isCompanionTag, subjectOfTag } from "../policy/companion-tag.ts";

/** An image that rules may select. */
export interface TaggedImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: Date | undefined;
}

/** A signature, SBOM or attestation: of the image `subject`, by its tag or by its own OCI 1.1 `subject`. */
export interface AboutImage {
  readonly subject: string;
  readonly digest: string;
  readonly tag: string | undefined;
}

/** What a private repository holds, as far as a sweep of the mirrors needs it. */
export interface PrivateSide {
  readonly repository: string;
  /** False: it is gone, and was asked for by its name. */
  readonly exists: boolean;
  /** True: it is another Region's, and nothing is known of what it holds. */
  readonly isElsewhere?: true;
  /** Those that can be pulled and are about nothing else. */
  readonly images: readonly TaggedImage[];
  readonly about: readonly AboutImage[];
  /** All tags, those of archived images too. */
  readonly tags: ReadonlySet<string>;
}

/**
 * Lists a repository once, a thousand images a call: what is in the archive is no longer published, but nobody has deleted it. Memory holds
 * digests and tags. Errors: AutopilotError, transient `ecr-not-found` without the repository.
 */
export async function readPrivateSide(ecr: ECRClient, repository: string): Promise<PrivateSide> {
  const images: TaggedImage[] = [];
  const about: AboutImage[] = [];
  const tags = new Set<string>();
  for await (const image of listImages(ecr, repository, { archived: true, untagged: true })) {
    const { digest, subject, pushedAt } = image;
    for (const tag of image.tags) tags.add(tag);
    if (image.archived) continue;
    if (subject !== undefined) {
      about.push({ subject, digest, tag: undefined });
      continue;
    }
    for (const tag of image.tags) {
      const named = subjectOfTag(tag);
      // The public side writes its own list of referrers.
      if (named !== undefined && named.kind !== "referrers") about.push({ subject: named.digest, digest, tag });
    }
    const own = image.tags.filter((tag) => !isCompanionTag(tag));
    if (own.length > 0) images.push({ digest, tags: own, pushedAt });
  }
  return { repository, exists: true, images, about, tags };
}

/** The side of a repository that is not there any more. */
export function goneSide(repository: string): PrivateSide {
  return { repository, exists: false, images: [], about: [], tags: new Set() };
}

/** The side of a repository of another Region, whose public side is looked after from here. */
export function elsewhereSide(repository: string): PrivateSide {
  return { ...goneSide(repository), isElsewhere: true };
}
