/** PutImage, the same for both registries. */
import { AwsError } from "../aws/call.ts";
import { digestOf } from "../store/digest.ts";
import { checkManifest } from "./manifest-rules.ts";
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
 */
export async function putImage(target: Target, input: PutImageInput) {
  const { registry, registryId, repositoryName } = target;
  const { imageManifest, imageManifestMediaType, imageTag } = input;
  const bytes = Buffer.from(imageManifest, "utf8");
  checkManifest(bytes);
  checkTagQuota(target, digestOf(bytes), imageTag);
  const image = await registry.putManifest({
    repository: repositoryName,
    bytes,
    mediaType: imageManifestMediaType,
    tag: imageTag,
    digest: input.imageDigest,
  });
  const imageId = { imageDigest: image.digest, ...(imageTag === undefined ? {} : { imageTag }) };
  return { image: { registryId, repositoryName, imageId, imageManifest, imageManifestMediaType: image.mediaType } };
}

function checkTagQuota({ registry, repositoryName }: Target, digest: string, tag: string | undefined): void {
  if (tag === undefined) return;
  const tags = registry.image(repositoryName, digest)?.tags ?? [];
  if (tags.length < mostTags || tags.includes(tag)) return;
  throw new AwsError("LimitExceededException", `The image already has the maximum number of ${mostTags} tags`);
}
