/** PutImage, the same for both registries. */
import { AwsError } from "../aws/call.ts";
import { digestOf } from "../store/digest.ts";
import { type ImageRecord, type PutManifest, StoreError } from "../store/store.ts";
import { checkManifest } from "./manifest-rules.ts";
import { isArchived, restore } from "./storage-class.ts";
import type { Target } from "./target.ts";

export type PutImageInput = {
  readonly imageManifest: string;
  readonly imageManifestMediaType?: string;
  readonly imageTag?: string;
  readonly imageDigest?: string;
};

/** Service quotas, "Maximum tags per image", of both services. */
const mostTags = 1000;

/**
 * Answer of PutImage. Errors: InvalidParameter (manifest, tag, digest), ImageDigestDoesNotMatch, LayersNotFound,
 * ReferencedImagesNotFound, ImageTagAlreadyExists, ImageAlreadyExists, LimitExceeded past 1,000 tags.
 *
 * "If you push an image that is currently archived, that image will be automatically restored" (user guide, "Pushing an image").
 */
export async function putImage(target: Target, input: PutImageInput) {
  const { registryId, repositoryName } = target;
  const { imageManifest, imageManifestMediaType, imageTag } = input;
  const bytes = Buffer.from(imageManifest, "utf8");
  checkManifest(bytes);
  checkTagQuota(target, digestOf(bytes), imageTag);
  const image = await putOrFindArchived(target, {
    repository: repositoryName,
    bytes,
    mediaType: imageManifestMediaType,
    tag: imageTag,
    digest: input.imageDigest,
  });
  await restore(target, image, target.clock());
  const imageId = { imageDigest: image.digest, ...(imageTag === undefined ? {} : { imageTag }) };
  return { image: { registryId, repositoryName, imageId, imageManifest, imageManifestMediaType: image.mediaType } };
}

/** An archived image that is pushed as it stands is no ImageAlreadyExists: the push has something to do. */
async function putOrFindArchived(target: Target, request: PutManifest): Promise<ImageRecord> {
  try {
    return await target.registry.putManifest(request);
  } catch (error) {
    const image = target.registry.image(target.repositoryName, digestOf(request.bytes));
    const isThere = error instanceof StoreError && error.code === "image-exists";
    if (isThere && image !== undefined && isArchived(target, image)) return image;
    throw error;
  }
}

function checkTagQuota({ registry, repositoryName }: Target, digest: string, tag: string | undefined): void {
  if (tag === undefined) return;
  const tags = registry.image(repositoryName, digest)?.tags ?? [];
  if (tags.length < mostTags || tags.includes(tag)) return;
  throw new AwsError("LimitExceededException", `The image already has the maximum number of ${mostTags} tags`);
}
