import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { listPublicImages } from "../ecr/public-images.ts";
import { describePublicRepository, type PublicRepository } from "../ecr/public-repositories.ts";
import { isIndexType } from "./index-type.ts";

/** What a public repository shows, as far as a sweep of the mirrors needs it. */
export interface PublicSide {
  readonly repository: PublicRepository;
  readonly tags: ReadonlyMap<string, { readonly digest: string; readonly pushedAt: Date | undefined }>;
  /** Digests with a tag that are indexes, or whose media type nobody tells. */
  readonly indexes: ReadonlySet<string>;
  /** Those of the `watched` digests that are there, with a tag or without. */
  readonly present: ReadonlySet<string>;
}

/**
 * Lists a public repository, a thousand images a call, and keeps its tags alone: of its images, a hundred thousand at most, most have none.
 * Undefined without the repository. Errors: AutopilotError.
 */
export async function readPublicSide(
  client: ECRPUBLICClient,
  name: string,
  watched: ReadonlySet<string>,
): Promise<PublicSide | undefined> {
  const repository = await describePublicRepository(client, name);
  if (repository === undefined) return undefined;
  const tags = new Map<string, { digest: string; pushedAt: Date | undefined }>();
  const indexes = new Set<string>();
  const present = new Set<string>();
  for await (const { digest, pushedAt, mediaType, ...image } of listPublicImages(client, name)) {
    if (watched.has(digest)) present.add(digest);
    for (const tag of image.tags) tags.set(tag, { digest, pushedAt });
    if (image.tags.length > 0 && isIndexType(mediaType)) indexes.add(digest);
  }
  return { repository, tags, indexes, present };
}
