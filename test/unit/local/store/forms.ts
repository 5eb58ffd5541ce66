/** The two forms of the store, for the one suite that runs on both; and images to put in. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, onTestFinished } from "vitest";
import { openDiskStore } from "../../../../local/store/disk.ts";
import { createMemoryStore } from "../../../../local/store/memory.ts";
import {
  type ImageRecord,
  type Registry,
  type RepositoryRecord,
  type Store,
  StoreError,
  type TagRule,
} from "../../../../local/store/store.ts";
import { digestOf, imageOf, type TestImage } from "../ecr/image-content.ts";

export type Open = (options?: { clock?: () => Date }) => Promise<Store>;

/** Runs the cases on both forms; each store ends with its test. */
export function onBothForms(cases: (open: Open) => void): void {
  describe("in memory", () => cases(async (options) => kept(createMemoryStore(options))));
  describe("on disk", () => cases(async (options) => kept(await openDiskStore(await temporaryFolder(), options))));
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "store-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function kept(store: Store): Store {
  onTestFinished(() => store.close());
  return store;
}

const mutable: TagRule = { tags: "mutable", except: [] };

export function newRepository(name: string, tagRule = mutable): RepositoryRecord {
  return { name, createdAt: new Date("2026-02-01T10:00:00.123Z"), tagRule, settings: { owner: "team-a", list: [1] } };
}

export async function pushBlob(registry: Registry, repository: string, content: string | Buffer): Promise<string> {
  const upload = await registry.startUpload(repository);
  await registry.appendUpload(repository, upload, Buffer.from(content));
  return (await registry.finishUpload(repository, upload, digestOf(content))).digest;
}

/** Blobs, then the manifest. */
export async function pushImage(
  registry: Registry,
  repository: string,
  image: TestImage,
  tag?: string,
): Promise<ImageRecord> {
  for (const { bytes } of image.blobs) await pushBlob(registry, repository, bytes);
  return putManifest(registry, repository, image, tag);
}

export function putManifest(registry: Registry, repository: string, image: TestImage, tag?: string) {
  const bytes = Buffer.from(image.manifest);
  return registry.putManifest({ repository, bytes, mediaType: image.mediaType, tag, digest: undefined });
}

/** The refusal as a value: its code, and the detail without the prose. */
export async function refusal(work: (() => unknown) | Promise<unknown>): Promise<{ code: string; detail: unknown }> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    if (error instanceof StoreError) return { code: error.code, detail: error.detail };
    throw error;
  }
  throw new Error("it was not refused");
}

export async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

export const anImage = imageOf(["first layer", "second layer"]);
