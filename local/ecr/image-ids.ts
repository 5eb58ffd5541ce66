/** Image identifiers of the API: which image is meant, or in the service's words why none is. */
import { invalidParameter } from "../aws/refusals.ts";
import type { ImageRecord } from "../store/store.ts";
import { imageNotFound, type Target } from "./target.ts";

export type ImageId = {
  readonly imageDigest?: string;
  readonly imageTag?: string;
};

export interface ImageFailure {
  readonly imageId: ImageId;
  readonly failureCode: string;
  readonly failureReason: string;
}

const digestPattern = "[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+";
const tagPattern = "[a-zA-Z0-9-_.]+";

/**
 * The image, or the failure that BatchGetImage and BatchDeleteImage tell. Codes from the API model; the texts are those of
 * moto and LocalStack, which copy AWS's replies; the one for a bad tag is worded alike.
 */
export function resolveImage(target: Target, imageId: ImageId): { image: ImageRecord } | { failure: ImageFailure } {
  const { imageDigest, imageTag } = imageId;
  const failure = (failureCode: string, failureReason: string) => ({
    failure: { imageId, failureCode, failureReason },
  });
  if (imageDigest === undefined && imageTag === undefined) {
    return failure("MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null");
  }
  if (imageDigest !== undefined && !isWhole(digestPattern, imageDigest)) {
    const reason = `image digest should satisfy the regex '${digestPattern}'`;
    return failure("InvalidImageDigest", `Invalid request parameters: ${reason}`);
  }
  if (imageTag !== undefined && !isWhole(tagPattern, imageTag)) {
    return failure("InvalidImageTag", `Invalid request parameters: image tag should satisfy the regex '${tagPattern}'`);
  }
  const image = target.registry.image(target.repositoryName, imageTag ?? imageDigest ?? "");
  if (image === undefined) return failure("ImageNotFound", "Requested image not found");
  if (imageDigest !== undefined && image.digest !== imageDigest) {
    const reason = "given tag does not map to the given digest";
    return failure("ImageTagDoesNotMatchDigest", `Invalid request parameters: ${reason}`);
  }
  return { image };
}

/**
 * The image, for operations that fail as a whole. Errors: ImageNotFoundException, also for a tag of another image;
 * InvalidParameterException for an identifier that is none.
 */
export function requireImage(target: Target, imageId: ImageId): ImageRecord {
  const found = resolveImage(target, imageId);
  if ("image" in found) return found.image;
  const { failureCode, failureReason } = found.failure;
  if (failureCode === "ImageNotFound" || failureCode === "ImageTagDoesNotMatchDigest") {
    throw imageNotFound(target, imageId);
  }
  throw invalidParameter("imageId", failureReason);
}

/** One identifier per tag, as ListImages, BatchGetImage and BatchDeleteImage tell an image; one without tag when it has none. */
export function idsOf(image: ImageRecord): ImageId[] {
  if (image.tags.length === 0) return [{ imageDigest: image.digest }];
  return image.tags.map((imageTag) => ({ imageDigest: image.digest, imageTag }));
}

function isWhole(pattern: string, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(value);
}
