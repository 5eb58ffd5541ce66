/** Blobs, each of one repository. */
import { type Core, committing, requireRepository } from "./core.ts";
import { requireDigest } from "./digest.ts";
import type { Repository } from "./state.ts";
import { type Registry, StoreError } from "./store.ts";
import { blobMediaType } from "./uploads.ts";

type Blobs = Pick<Registry, "blob" | "isBlobReferenced" | "readBlob" | "mountBlob" | "deleteBlob">;

export function blobMethods(core: Core): Blobs {
  const { backend } = core;
  return {
    blob(name, digest) {
      const size = requireRepository(core, name).blobs.get(digest);
      return size === undefined ? undefined : { size };
    },

    isBlobReferenced: (name, digest) => requireRepository(core, name).referredBy.has(digest),

    readBlob(name, digest, range) {
      requireBlob(requireRepository(core, name), digest);
      return backend.readBlob(name, digest, range);
    },

    mountBlob: (name, digest, from) =>
      committing(core, name, async (repository) => {
        requireDigest(digest);
        const size = requireBlob(requireRepository(core, from), digest);
        if (!repository.blobs.has(digest)) {
          await backend.linkBlob(name, digest, from);
          repository.blobs.set(digest, size);
        }
        return { mediaType: blobMediaType, digest, size };
      }),

    deleteBlob: (name, digest) =>
      committing(core, name, async (repository) => {
        requireBlob(repository, digest);
        const parents = repository.referredBy.get(digest);
        if (parents !== undefined) {
          throw new StoreError("image-referenced", `the blob ${digest} is part of images that are still there`, {
            digest,
            parents: [...parents].sort(),
          });
        }
        repository.blobs.delete(digest);
        if (!repository.images.has(digest)) await backend.removeBytes(name, digest);
      }),
  };
}

/** Its size. Error: blob-unknown. */
function requireBlob(repository: Repository, digest: string): number {
  const size = repository.blobs.get(digest);
  if (size === undefined) {
    throw new StoreError(
      "blob-unknown",
      `the repository '${repository.record.name}' does not hold the blob ${digest}`,
      {
        digest,
      },
    );
  }
  return size;
}
