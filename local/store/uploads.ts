/** From the start of an upload to its blob. */
import { randomUUID } from "node:crypto";
import { type Core, committing, requireRepository } from "./core.ts";
import { requireDigest } from "./digest.ts";
import type { Repository } from "./state.ts";
import { type Registry, StoreError } from "./store.ts";
import { append, endUpload, interruptUpload, newUpload, requireUpload, type Upload, unknownUpload } from "./upload.ts";

type Uploads = Pick<Registry, "startUpload" | "uploadSize" | "appendUpload" | "finishUpload" | "cancelUpload">;

/** The store does not interpret blobs, so that is what they are to it. */
export const blobMediaType = "application/octet-stream";

export function uploadMethods(core: Core): Uploads {
  return {
    startUpload: (name) =>
      committing(core, name, async (repository) => {
        const id = randomUUID();
        repository.uploads.set(id, newUpload(id, await core.backend.startUpload(name, id)));
        return id;
      }),

    uploadSize: (name, id) => requireUpload(requireRepository(core, name), id).size,

    async appendUpload(name, id, bytes, { offset } = {}) {
      const repository = requireRepository(core, name);
      const upload = requireUpload(repository, id);
      return upload.serial(async () => {
        if (upload.over) throw unknownUpload(id);
        if (offset !== undefined && offset !== upload.size) {
          throw new StoreError(
            "upload-offset",
            `the upload holds ${upload.size} bytes, so ${offset} does not continue it`,
            {
              uploadId: id,
              received: upload.size,
            },
          );
        }
        await append(repository, upload, bytes);
        return upload.size;
      });
    },

    async finishUpload(name, id, digest, options = {}) {
      const repository = requireRepository(core, name);
      const upload = requireUpload(repository, id);
      requireDigest(digest);
      return upload.serial(async () => {
        if (upload.over) throw unknownUpload(id);
        await checkWhole(repository, upload, digest, options.minimumPart ?? 0);
        const descriptor = { mediaType: blobMediaType, digest, size: upload.size };
        if (!repository.blobs.has(digest)) {
          await makeBlob(core, repository, upload, digest);
        } else if (options.refuseExisting) {
          await endUpload(repository, upload);
          throw new StoreError("blob-exists", `the repository '${name}' holds the blob ${digest}`, { digest });
        }
        await endUpload(repository, upload);
        return descriptor;
      });
    },

    async cancelUpload(name, id) {
      const repository = requireRepository(core, name);
      await interruptUpload(repository, requireUpload(repository, id));
    },
  };
}

/** Whatever goes wrong here ends the upload: its bytes may be sealed already. */
async function makeBlob(core: Core, repository: Repository, upload: Upload, digest: string): Promise<void> {
  try {
    // Outside of the line of commits: the repository stays usable while a large layer reaches the disk.
    await upload.bytes.seal();
    await committing(core, repository.record.name, async () => {
      if (upload.over) throw unknownUpload(upload.id);
      await upload.bytes.become(digest);
      repository.blobs.set(digest, upload.size);
    });
  } catch (error) {
    await endUpload(repository, upload);
    throw error;
  }
}

/** In the order of CompleteLayerUpload's errors in the API model. A wrong digest ends the upload: its bytes can never be right. */
async function checkWhole(repository: Repository, upload: Upload, digest: string, minimumPart: number): Promise<void> {
  const about = { uploadId: upload.id, digest };
  if (upload.newestPart === undefined) {
    throw new StoreError("upload-empty", `the upload '${upload.id}' has no parts`, about);
  }
  if (upload.shortestEarlierPart < minimumPart) {
    const message = `a part of ${upload.shortestEarlierPart} bytes is below ${minimumPart} and not the last`;
    throw new StoreError("upload-part-small", message, about);
  }
  const found = `sha256:${upload.hash.copy().digest("hex")}`;
  if (found !== digest) {
    await endUpload(repository, upload);
    throw new StoreError("digest-mismatch", `the bytes have the digest ${found}, not ${digest}`, { ...about, found });
  }
}
