import type { ImageRecord, Registry } from "../../local/store/store.ts";
import { buildImage, type IndexImage } from "../../local/tour/image.ts";

/** A small image for two platforms, built on the spot. */
export function smallImage(layerBytes = 2000): IndexImage {
  return buildImage({ platforms: ["linux/amd64", "linux/arm64"], layersPerPlatform: 2, layerBytes });
}

/** Puts an image index with all that it needs into a repository that is there, under these tags. */
export async function putImage(
  registry: Registry,
  repository: string,
  image: IndexImage,
  tags: readonly string[],
): Promise<ImageRecord> {
  for (const { bytes, digest } of image.blobs) {
    const upload = await registry.startUpload(repository);
    await registry.appendUpload(repository, upload, bytes);
    await registry.finishUpload(repository, upload, digest);
  }
  for (const { bytes, mediaType, digest } of image.children) {
    await registry.putManifest({ repository, bytes, mediaType, tag: undefined, digest });
  }
  let record: ImageRecord | undefined;
  for (const tag of tags) {
    const { bytes, mediaType, digest } = image.root;
    record = await registry.putManifest({ repository, bytes, mediaType, tag, digest });
  }
  if (record === undefined) throw new Error("an image needs a tag");
  return record;
}
