/** Bytes and records of one registry on disk; see disk-paths.ts for the places and layout.ts for the files. */
import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, link, mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Backend } from "./backend.ts";
import { blobPath, blobsPath, layoutEntries, ownEntries, repositoryPath } from "./disk-paths.ts";
import { openDiskUpload } from "./disk-upload.ts";
import { removeDurably, renameDurably, syncDirectory, temporarySuffix, writeDurably } from "./durable-file.ts";
import { layoutMarker, writeIndex, writeRecord } from "./layout.ts";
import { StoreError } from "./store.ts";

/** Larger reads mean fewer turns per blob; four of them are the most that a stream holds. */
const readAhead = 256 * 1024;

/** `side`: directory of the registry. */
export function createDiskBackend(side: string): Backend {
  const pathOf = (name: string) => repositoryPath(side, name);
  return {
    async createRepository(record) {
      const directory = pathOf(record.name);
      await mkdir(blobsPath(directory), { recursive: true });
      await mkdir(join(directory, ownEntries.uploads), { recursive: true });
      await writeDurably(join(directory, layoutEntries.marker), layoutMarker);
      await writeDurably(join(directory, layoutEntries.index), writeIndex([]));
      await syncDirectories(side, directory);
      // Last: a directory without a record is not a repository.
      await writeDurably(join(directory, ownEntries.record), writeRecord(record));
    },

    saveRecord: (record) => writeDurably(join(pathOf(record.name), ownEntries.record), writeRecord(record)),

    async removeRepository(name) {
      const directory = pathOf(name);
      await removeDurably(join(directory, ownEntries.record));
      await removeLeftovers(directory);
    },

    async saveImages(repository, images, added) {
      const directory = pathOf(repository);
      if (added !== undefined) await writeDurably(blobPath(directory, added.digest), added.bytes);
      await writeDurably(join(directory, layoutEntries.index), writeIndex(images));
    },

    async startUpload(repository, uploadId) {
      const directory = pathOf(repository);
      return openDiskUpload(join(directory, ownEntries.uploads, uploadId), (digest) => blobPath(directory, digest));
    },

    readBlob: (repository, digest, range = { start: 0, end: Number.POSITIVE_INFINITY }) =>
      createReadStream(blobPath(pathOf(repository), digest), { ...range, highWaterMark: readAhead }),

    async linkBlob(repository, digest, from) {
      const to = blobPath(pathOf(repository), digest);
      await linkOrCopy(blobPath(pathOf(from), digest), `${to}${temporarySuffix}`, digest);
      await renameDurably(`${to}${temporarySuffix}`, to);
    },

    removeBytes: (repository, digest) => removeDurably(blobPath(pathOf(repository), digest)),

    async saveDocument(key, value) {
      // Keys may be longer than a file name.
      const path = join(side, ownEntries.documents, `${createHash("sha256").update(key).digest("hex")}.json`);
      if (value === undefined) await removeDurably(path);
      else await writeDurably(path, JSON.stringify({ key, value }, undefined, 2));
    },
  };
}

/** Removes all that a repository without a record left behind, and its directory unless other repositories lie below it. */
export async function removeLeftovers(directory: string): Promise<void> {
  for (const entry of [...Object.values(layoutEntries), ownEntries.uploads]) {
    await rm(join(directory, entry), { recursive: true, force: true });
    await rm(join(directory, `${entry}${temporarySuffix}`), { force: true });
  }
  await rm(join(directory, `${ownEntries.record}${temporarySuffix}`), { force: true });
  try {
    await rmdir(directory);
  } catch (error) {
    if (!isCode(error, "ENOTEMPTY", "EEXIST")) throw error;
  }
}

/** Some file systems have no hard links, or only so many for one file. */
async function linkOrCopy(from: string, to: string, digest: string): Promise<void> {
  // One may be left of a mount that failed.
  await rm(to, { force: true });
  try {
    await link(from, to);
  } catch (error) {
    if (isCode(error, "ENOENT")) throw new StoreError("blob-unknown", `the blob ${digest} is gone`, { digest });
    if (!isCode(error, "EPERM", "EMLINK", "ENOTSUP", "EXDEV")) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    await syncFile(to);
  }
}

/** The directories from the repository up to its registry: new names in each of them must survive. */
async function syncDirectories(side: string, directory: string): Promise<void> {
  for (let at = directory; at.length >= side.length; at = join(at, "..")) await syncDirectory(at);
}

const syncFile = syncDirectory;

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
