/** The one place where the images and tags of a repository change. */
import type { SavedImage } from "./backend.ts";
import type { Core } from "./core.ts";
import { dropImage, type HeldImage, holdImage, type Repository } from "./state.ts";

/** Digest -> the image in its new form; undefined: it goes. */
export type ImageChanges = ReadonlyMap<string, HeldImage | undefined>;

/** Commits all changes together: first where they survive, then where they are read. Call it inside `committing`. */
export async function commitImages(core: Core, repository: Repository, changes: ImageChanges): Promise<void> {
  const added = [...changes.values()].find((image) => image !== undefined && !repository.images.has(image.digest));
  await core.backend.saveImages(repository.record.name, afterwards(repository, changes), added);
  for (const digest of changes.keys()) {
    const old = repository.images.get(digest);
    if (old !== undefined) dropImage(repository, old);
  }
  for (const image of changes.values()) if (image !== undefined) holdImage(repository, image);
}

/** The image with other tags. */
export function retagged(image: HeldImage, change: (tags: Set<string>) => unknown): HeldImage {
  const tags = new Set(image.tags);
  change(tags);
  return { ...image, tags };
}

function* afterwards(repository: Repository, changes: ImageChanges): Generator<SavedImage> {
  for (const image of repository.images.values()) {
    const after = changes.has(image.digest) ? changes.get(image.digest) : image;
    if (after !== undefined) yield saved(after);
  }
  for (const image of changes.values()) {
    if (image !== undefined && !repository.images.has(image.digest)) yield saved(image);
  }
}

function saved({ digest, bytes, manifest, pushedAt, tags }: HeldImage): SavedImage {
  return { digest, mediaType: manifest.mediaType, size: bytes.length, pushedAt, tags: [...tags].sort() };
}
