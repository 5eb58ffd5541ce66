import { rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDiskStore } from "../../../../local/store/disk.ts";
import { createMemoryStore } from "../../../../local/store/memory.ts";
import { type Registry, type StoreChange, StoreError } from "../../../../local/store/store.ts";
import { imageOf, indexOf } from "../ecr/image-content.ts";
import { newRepository, pushBlob, putManifest, temporaryFolder, textOf } from "./forms.ts";

const names = ["a", "a/b", "blobs"];
const layers = ["one", "two", "three"];
const plain = layers.map((layer) => imageOf([layer]));
const subject = { mediaType: plain[0]?.mediaType, digest: plain[0]?.digest, size: plain[0]?.manifest.length };
/** The last one has as its layer the bytes of the first one's manifest. */
const images = [
  ...plain,
  indexOf(plain.slice(0, 2)),
  imageOf(["one"], { subject }),
  imageOf([plain[0]?.manifest ?? ""]),
];
const blobs = [...new Set(images.flatMap((image) => image.blobs.map(({ bytes }) => bytes.toString())))];
const digests = [
  ...images.map(({ digest }) => digest),
  ...images.flatMap((image) => image.blobs.map((blob) => blob.digest)),
];

const name = fc.constantFrom(...names);
const tag = fc.constantFrom("v1", "v2", "dev-1");
const digest = fc.constantFrom(...digests);
const work: fc.Arbitrary<(registry: Registry) => Promise<unknown>> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(name, fc.constantFrom(...blobs)).map(
      ([to, text]) =>
        (r: Registry) =>
          pushBlob(r, to, text),
    ),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(name, fc.constantFrom(...images), fc.option(tag, { nil: undefined }))
      .map(([to, image, as]) => async (r: Registry) => {
        for (const { bytes } of image.blobs) await pushBlob(r, to, bytes);
        return putManifest(r, to, image, as);
      }),
  },
  fc.tuple(name, fc.constantFrom(...images), tag).map(
    ([to, image, as]) =>
      (r: Registry) =>
        putManifest(r, to, image, as),
  ),
  { weight: 3, arbitrary: name.map((made) => (r: Registry) => r.createRepository(newRepository(made))) },
  fc.tuple(name, fc.boolean()).map(
    ([gone, force]) =>
      (r: Registry) =>
        r.deleteRepository(gone, { force }),
  ),
  name.map(
    (changed) => (r: Registry) =>
      r.updateRepository(changed, (record) => ({ ...record, tagRule: { tags: "immutable", except: ["dev-*"] } })),
  ),
  fc.tuple(name, tag, fc.boolean()).map(
    ([from, gone, keepUntagged]) =>
      (r: Registry) =>
        r.deleteTag(from, gone, { keepUntagged }),
  ),
  fc.tuple(name, digest).map(
    ([from, gone]) =>
      (r: Registry) =>
        r.deleteImage(from, gone),
  ),
  fc.tuple(name, digest).map(
    ([from, gone]) =>
      (r: Registry) =>
        r.deleteBlob(from, gone),
  ),
  fc.tuple(name, digest, name).map(
    ([to, what, from]) =>
      (r: Registry) =>
        r.mountBlob(to, what, from),
  ),
  fc
    .option(fc.record({ on: fc.boolean() }), { nil: undefined })
    .map((value) => (r: Registry) => r.putDocument("key", value)),
);

async function outcome(registry: Registry, each: (registry: Registry) => Promise<unknown>): Promise<unknown> {
  try {
    return await each(registry);
  } catch (error) {
    if (error instanceof StoreError) return { code: error.code, detail: error.detail };
    throw error;
  }
}

/** All that can be read. */
async function contents(registry: Registry): Promise<unknown> {
  const repositories = registry.repositories().map(async (record) => ({
    record,
    tags: registry.tags(record.name),
    images: registry.images(record.name).map((image) => ({
      image,
      bytes: registry.manifest(record.name, image.digest)?.bytes.toString(),
      referrers: registry.referrers(record.name, image.digest).map((referrer) => referrer.digest),
    })),
    blobs: await Promise.all(
      digests.map(async (each) =>
        registry.blob(record.name, each) === undefined
          ? undefined
          : [await textOf(registry.readBlob(record.name, each)), registry.isBlobReferenced(record.name, each)],
      ),
    ),
  }));
  return { repositories: await Promise.all(repositories), document: registry.document("key") };
}

describe("memory, disk and a disk that is opened again", () => {
  it("agree on every answer, every change and all contents, whatever is asked of them", {
    timeout: 60_000,
  }, async () => {
    const folder = await temporaryFolder();
    let run = 0;
    const property = fc.asyncProperty(fc.array(work, { minLength: 5, maxLength: 25 }), async (works) => {
      const directory = join(folder, String(run++));
      const clock = () => new Date("2026-03-01T10:00:00.500Z");
      const [memory, disk] = [createMemoryStore({ clock }), await openDiskStore(directory, { clock })];
      const heard: [StoreChange[], StoreChange[]] = [[], []];
      memory.private.onChange((change) => heard[0].push(change));
      disk.private.onChange((change) => heard[1].push(change));

      for (const store of [memory, disk]) {
        for (const made of names.slice(0, 2)) await store.private.createRepository(newRepository(made));
      }
      for (const each of works) {
        expect(await outcome(disk.private, each)).toEqual(await outcome(memory.private, each));
      }
      const expected = await contents(memory.private);
      const before = await contents(disk.private);
      await disk.close();
      const again = await openDiskStore(directory, { clock });
      const after = await contents(again.private);
      await again.close();
      await rm(directory, { recursive: true });

      expect(heard[1]).toEqual(heard[0]);
      expect(before).toEqual(expected);
      expect(withoutTwins(after)).toEqual(withoutTwins(expected));
    });
    await fc.assert(property, { numRuns: 20 });
  });
});

/**
 * The bytes of a manifest that were also pushed as a blob which no image refers to: from the files it cannot be told, so such a
 * blob is gone after a restart.
 */
function withoutTwins(all: unknown): unknown {
  const { repositories, document } = structuredClone(all) as {
    document: unknown;
    repositories: { images: { image: { digest: string } }[]; blobs: ([string, boolean] | undefined)[] }[];
  };
  for (const repository of repositories) {
    const manifests = new Set(repository.images.map(({ image }) => image.digest));
    repository.blobs = repository.blobs.map((blob, index) =>
      manifests.has(digests[index] ?? "") && blob?.[1] === false ? undefined : blob,
    );
  }
  return { repositories, document };
}
