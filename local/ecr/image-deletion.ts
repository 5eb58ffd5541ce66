/** BatchDeleteImage, the same for both registries. */
import type { ImageRecord } from "../store/store.ts";
import { StoreError } from "../store/store.ts";
import { type ImageFailure, type ImageId, idsOf, resolveImage } from "./image-ids.ts";
import type { Target } from "./target.ts";

/** What one identifier asks for: a tag to be taken away, or (`tag` undefined) a whole image. */
interface Wish {
  readonly imageId: ImageId;
  readonly image: ImageRecord;
  readonly tag: string | undefined;
}

/**
 * Answer of BatchDeleteImage: what was deleted, one identifier per tag, and what was not. A tag is taken away, with it the image
 * when it was the last; a digest takes the image with all its tags (API reference; CLI reference for the shape of the answer).
 * Identifiers are read before anything is deleted, so naming one image twice is no failure. Images of an index that is still
 * there stay (ImageReferencedByManifestList); identifiers are worked through in the order given.
 */
export async function deleteImages(target: Target, imageIds: readonly ImageId[]) {
  const failures: ImageFailure[] = [];
  const wishes: Wish[] = [];
  for (const imageId of imageIds) {
    const found = resolveImage(target, imageId);
    if ("failure" in found) failures.push(found.failure);
    else wishes.push({ imageId, image: found.image, tag: imageId.imageTag });
  }
  const deleted: ImageId[] = [];
  for (const wish of withoutRepeats(wishes)) {
    const outcome = await fulfil(target, wish);
    if ("failure" in outcome) failures.push(outcome.failure);
    else deleted.push(...outcome.deleted);
  }
  return { imageIds: deleted, failures };
}

/** A tag that is named twice counts once, and not at all beside its image's digest. */
function withoutRepeats(wishes: readonly Wish[]): Wish[] {
  const whole = new Set(wishes.filter(({ tag }) => tag === undefined).map(({ image }) => image.digest));
  const seen = new Set<string>();
  return wishes.filter(({ image, tag }) => {
    const key = `${image.digest} ${tag ?? ""}`;
    if (seen.has(key) || (tag !== undefined && whole.has(image.digest))) return false;
    seen.add(key);
    return true;
  });
}

async function fulfil(
  { registry, repositoryName }: Target,
  { imageId, image, tag }: Wish,
): Promise<{ deleted: ImageId[] } | { failure: ImageFailure }> {
  try {
    if (tag === undefined) return { deleted: idsOf(await registry.deleteImage(repositoryName, image.digest)) };
    await registry.deleteTag(repositoryName, tag);
    return { deleted: [{ imageDigest: image.digest, imageTag: tag }] };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.code === "image-referenced") {
      const parents = Array.isArray(error.detail.parents) ? error.detail.parents.join(", ") : "";
      const failureReason = `Requested image referenced by manifest list: [${parents}]`;
      return { failure: { imageId, failureCode: "ImageReferencedByManifestList", failureReason } };
    }
    // Somebody else deleted it since it was looked up.
    if (error.code === "manifest-unknown") {
      return { failure: { imageId, failureCode: "ImageNotFound", failureReason: "Requested image not found" } };
    }
    throw error;
  }
}
