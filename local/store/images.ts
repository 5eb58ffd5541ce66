/** Images and tags: reading and removing. */
import { commitImages, retagged } from "./commit-images.ts";
import { type Core, committing, requireRepository } from "./core.ts";
import { putManifest } from "./put-manifest.ts";
import { type HeldImage, imageRecord, type Repository } from "./state.ts";
import { type ImageRecord, type Registry, StoreError } from "./store.ts";

type Images = Pick<
  Registry,
  "putManifest" | "manifest" | "image" | "images" | "tags" | "referrers" | "deleteTag" | "deleteImage"
>;

export function imageMethods(core: Core): Images {
  const find = (name: string, reference: string) => findImage(requireRepository(core, name), reference);
  return {
    putManifest: (request) => putManifest(core, request),

    manifest(name, reference) {
      const image = find(name, reference);
      return image && { image: imageRecord(image), bytes: image.bytes };
    },

    image(name, reference) {
      const image = find(name, reference);
      return image && imageRecord(image);
    },

    images: (name, page) =>
      requireRepository(core, name)
        .images.values(page)
        .map((image) => imageRecord(image)),
    tags: (name, page) => requireRepository(core, name).tags.keys(page),

    referrers(name, digest) {
      const repository = requireRepository(core, name);
      const found = [...(repository.referrers.get(digest) ?? [])].sort();
      return found.flatMap((each) => repository.images.get(each) ?? []).map((image) => imageRecord(image));
    },

    deleteTag: (name, tag, { keepUntagged = false } = {}) =>
      committing(core, name, async (repository) => {
        const image = requireImage(repository, repository.tags.get(tag), tag);
        if (image.tags.size === 1 && !keepUntagged) return removeImage(core, repository, image);
        const remaining = retagged(image, (tags) => tags.delete(tag));
        await commitImages(core, repository, new Map([[image.digest, remaining]]));
        const record = imageRecord(image);
        core.tell({ type: "image-deleted", repository: name, image: record, tag });
        return record;
      }),

    deleteImage: (name, digest) =>
      committing(core, name, (repository) => removeImage(core, repository, requireImage(repository, digest, digest))),
  };
}

/** Commits before it tells: once per tag, or once without a tag. */
async function removeImage(core: Core, repository: Repository, image: HeldImage): Promise<ImageRecord> {
  const { name } = repository.record;
  const { digest } = image;
  const parents = repository.referredBy.get(digest);
  if (parents !== undefined) {
    throw new StoreError("image-referenced", `the image ${digest} is part of an index that is still there`, {
      digest,
      parents: [...parents].sort(),
    });
  }
  await commitImages(core, repository, new Map([[digest, undefined]]));
  const record = imageRecord(image);
  const tags = record.tags.length > 0 ? record.tags : [undefined];
  for (const tag of tags) core.tell({ type: "image-deleted", repository: name, image: record, tag });
  if (!repository.blobs.has(digest)) await core.backend.removeBytes(name, digest);
  return record;
}

function findImage(repository: Repository, reference: string): HeldImage | undefined {
  return repository.images.get(repository.tags.get(reference) ?? reference);
}

/** Error: manifest-unknown. */
function requireImage(repository: Repository, digest: string | undefined, reference: string): HeldImage {
  const image = digest === undefined ? undefined : repository.images.get(digest);
  if (image === undefined) {
    const message = `the repository '${repository.record.name}' has no image '${reference}'`;
    throw new StoreError("manifest-unknown", message, { reference });
  }
  return image;
}
