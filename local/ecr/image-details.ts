/** Images as DescribeImages and DescribeImageTags of both registries show them. */
import { page } from "../aws/paging.ts";
import { invalidParameter } from "../aws/refusals.ts";
import { parseManifest } from "../store/manifest.ts";
import type { ImageRecord } from "../store/store.ts";
import { type ImageId, requireImage } from "./image-ids.ts";
import { isIndexType } from "./manifest-rules.ts";
import type { Target } from "./target.ts";

export type DescribeInput = {
  readonly imageIds?: readonly ImageId[];
  readonly nextToken?: string;
  readonly maxResults?: number;
};

/** Members of ImageDetail that both services have. */
export function describeImage(target: Target, image: ImageRecord): Record<string, unknown> {
  return {
    registryId: target.registryId,
    repositoryName: target.repositoryName,
    ...(image.tags.length === 0 ? {} : { imageTags: image.tags }),
    ...describeContent(target, image),
  };
}

/** ReferencedImageDetail: the members that are not about where the image is. */
export function describeContent(target: Target, image: ImageRecord): Record<string, unknown> {
  return {
    imageDigest: image.digest,
    imageSizeInBytes: sizeOf(target, image),
    imagePushedAt: image.pushedAt,
    imageManifestMediaType: image.mediaType,
    ...(image.artifactType === undefined ? {} : { artifactMediaType: image.artifactType }),
  };
}

/** Bytes of config and layers. API model, ImageDetail: for a manifest list "the max size of all manifests in the list". */
function sizeOf(target: Target, image: ImageRecord): number {
  if (!isIndexType(image.mediaType)) return image.contentSize;
  const { registry, repositoryName } = target;
  const bytes = registry.manifest(repositoryName, image.digest)?.bytes;
  const children = bytes === undefined ? [] : parseManifest(bytes, image.mediaType).children;
  const sizes = children.map((digest) => {
    const child = registry.image(repositoryName, digest);
    return child === undefined ? 0 : sizeOf(target, child);
  });
  return Math.max(0, ...sizes);
}

/**
 * The images that a DescribeImages call is about: those of `imageIds`, each once, or a page of all that `keep` lets through.
 * `list`: names the list in page tokens, filters included. Errors: ImageNotFoundException, InvalidParameterException.
 */
export function imagesOf(
  target: Target,
  input: DescribeInput,
  list: string,
  keep: (image: ImageRecord) => boolean = () => true,
): { items: ImageRecord[]; nextToken?: string } {
  if (input.imageIds !== undefined) {
    // API reference: "This option cannot be used when you specify images with imageIds."
    for (const field of ["nextToken", "maxResults"] as const) {
      if (input[field] === undefined) continue;
      throw invalidParameter(field, `${field} cannot be used when you specify images with imageIds`);
    }
    const images = input.imageIds.map((imageId) => requireImage(target, imageId));
    return { items: [...new Map(images.map((image) => [image.digest, image])).values()] };
  }
  return page(
    { list: `${target.service} ${target.repositoryName} ${list}`, ...input },
    (options) => keptImages(target, options, keep),
    (image) => image.digest,
  );
}

/** Images in the order of their digests; reads on until `limit` of them were kept. */
function keptImages(
  { registry, repositoryName }: Target,
  { after, limit }: { after?: string; limit: number },
  keep: (image: ImageRecord) => boolean,
): ImageRecord[] {
  const kept: ImageRecord[] = [];
  let cursor = after;
  for (;;) {
    const images = registry.images(repositoryName, { limit, ...(cursor === undefined ? {} : { after: cursor }) });
    kept.push(...images.filter(keep));
    cursor = images.at(-1)?.digest;
    if (kept.length >= limit || images.length < limit || cursor === undefined) return kept.slice(0, limit);
  }
}
