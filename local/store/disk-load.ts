/** Reads what was committed, and clears away what was not. */
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Saved, SavedRepository } from "./backend.ts";
import { digestOf } from "./digest.ts";
import { removeLeftovers } from "./disk-backend.ts";
import { blobPath, blobsPath, layoutEntries, ownEntries, repositoryPath } from "./disk-paths.ts";
import { temporarySuffix } from "./durable-file.ts";
import { readIndex, readRecord } from "./layout.ts";
import type { JsonObject } from "./store.ts";

/** `side`: directory of the registry, made when it is missing. Error: one line that names the file that is damaged. */
export async function loadFromDisk(side: string): Promise<Saved> {
  await mkdir(join(side, ownEntries.documents), { recursive: true });
  return { repositories: await loadBelow(side, side), documents: await loadDocuments(side) };
}

async function loadBelow(side: string, directory: string): Promise<SavedRepository[]> {
  const repositories: SavedRepository[] = [];
  const reserved: readonly string[] = Object.values(layoutEntries);
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.startsWith("_") || reserved.includes(entry.name)) continue;
    repositories.push(...(await loadBelow(side, join(directory, entry.name))));
  }
  if (directory === side) return repositories;
  if (entries.some(({ name }) => name === ownEntries.record)) {
    repositories.push(await loadRepository(side, directory));
  } else {
    await removeLeftovers(directory);
  }
  return repositories;
}

async function loadRepository(side: string, directory: string): Promise<SavedRepository> {
  const record = await read(join(directory, ownEntries.record), readRecord);
  if (repositoryPath(side, record.name) !== directory) {
    throw new Error(`the store is damaged: ${directory} holds the record of '${record.name}'`);
  }
  await rm(join(directory, ownEntries.uploads), { recursive: true, force: true });
  await mkdir(join(directory, ownEntries.uploads));
  for (const name of [ownEntries.record, layoutEntries.index, layoutEntries.marker]) {
    await rm(join(directory, `${name}${temporarySuffix}`), { force: true });
  }
  const blobs = await loadBlobs(directory);
  const images: SavedRepository["images"][number][] = [];
  for (const image of await read(join(directory, layoutEntries.index), readIndex)) {
    const path = blobPath(directory, image.digest);
    const bytes = await readFile(path);
    if (digestOf(bytes) !== image.digest) throw new Error(`the store is damaged: ${path} is not what its name says`);
    images.push({ ...image, bytes });
  }
  return { record, blobs, images };
}

/** Digest -> size. A manifest is listed too: whether its bytes were also pushed as a blob cannot be told from the files. */
async function loadBlobs(directory: string): Promise<Map<string, number>> {
  const blobs = new Map<string, number>();
  for (const name of await readdir(blobsPath(directory))) {
    const path = join(blobsPath(directory), name);
    if (name.endsWith(temporarySuffix)) await rm(path);
    else blobs.set(`sha256:${name}`, (await stat(path)).size);
  }
  return blobs;
}

async function loadDocuments(side: string): Promise<Map<string, JsonObject>> {
  const documents = new Map<string, JsonObject>();
  const directory = join(side, ownEntries.documents);
  for (const name of await readdir(directory)) {
    if (name.endsWith(temporarySuffix)) {
      await rm(join(directory, name));
      continue;
    }
    const parse = (text: string) => JSON.parse(text) as { readonly key: string; readonly value: JsonObject };
    const { key, value } = await read(join(directory, name), parse);
    documents.set(key, value);
  }
  return documents;
}

async function read<T>(path: string, parse: (text: string) => T): Promise<T> {
  const text = await readFile(path, "utf8");
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`the store is damaged: ${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
