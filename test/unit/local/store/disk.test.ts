import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDiskStore } from "../../../../local/store/disk.ts";
import type { Store } from "../../../../local/store/store.ts";
import { buildImage } from "../../../../local/tour/image.ts";
import { isInstalled, run } from "../../../support/command.ts";
import { digestOf, imageOf, indexOf } from "../ecr/image-content.ts";
import { anImage, newRepository, pushBlob, pushImage, putManifest, temporaryFolder, textOf } from "./forms.ts";

async function opened(folder: string): Promise<Store> {
  const store = await openDiskStore(folder);
  onTestFinished(() => store.close());
  return store;
}

const hex = (digest: string) => digest.slice("sha256:".length);

describe("openDiskStore", () => {
  it("finds everything again that was committed", async () => {
    const folder = await temporaryFolder();
    const before = await openDiskStore(folder);
    await before.private.createRepository(newRepository("team/web", { tags: "immutable", except: ["dev-*"] }));
    await before.public.createRepository(newRepository("web"));
    const image = await pushImage(before.private, "team/web", anImage, "v1");
    const index = await putManifest(before.private, "team/web", indexOf([anImage]), "all");
    const loose = await pushBlob(before.private, "team/web", "a layer of no image");
    await before.private.putDocument("setting", { on: true });
    await before.close();

    const { private: registry, public: other } = await opened(folder);

    expect(registry.repositories()).toEqual([newRepository("team/web", { tags: "immutable", except: ["dev-*"] })]);
    expect(other.repositories()).toEqual([newRepository("web")]);
    expect(registry.images("team/web")).toEqual([image, index].sort((a, b) => (a.digest < b.digest ? -1 : 1)));
    expect(registry.manifest("team/web", "v1")?.bytes.toString()).toBe(anImage.manifest);
    expect(registry.blob("team/web", anImage.digest)).toBeUndefined();
    expect(await textOf(registry.readBlob("team/web", loose))).toBe("a layer of no image");
    expect(registry.isBlobReferenced("team/web", anImage.blobs[0]?.digest ?? "")).toBe(true);
    expect(registry.document("setting")).toEqual({ on: true });
  });

  it("drops unfinished uploads and temporaries", async () => {
    const folder = await temporaryFolder();
    const before = await opened(folder);
    await before.private.createRepository(newRepository("web"));
    const upload = await before.private.startUpload("web");
    await before.private.appendUpload("web", upload, Buffer.from("half"));
    const directory = join(folder, "private", "web");
    for (const name of ["index.json~", "_record.json~", `blobs/sha256/${"a".repeat(64)}~`]) {
      await writeFile(join(directory, name), "half");
    }

    const { private: registry } = await opened(folder);

    expect(() => registry.uploadSize("web", upload)).toThrow(/no upload/);
    expect(await readdir(join(directory, "_uploads"))).toEqual([]);
    expect((await readdir(directory)).sort()).toEqual([
      "_record.json",
      "_uploads",
      "blobs",
      "index.json",
      "oci-layout",
    ]);
    expect(await readdir(join(directory, "blobs", "sha256"))).toEqual([]);
  });

  it("clears away a repository that was not made to its end, or not deleted to its end", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "private", "team", "web", "blobs", "sha256"), { recursive: true });
    await writeFile(join(folder, "private", "team", "web", "oci-layout"), "{}");

    const { private: registry } = await opened(folder);

    expect(registry.repositories()).toEqual([]);
    expect(await readdir(join(folder, "private"))).toEqual(["_documents"]);
  });

  it("lists every image in index.json: one entry per tag, one without a name for the untagged", async () => {
    const folder = await temporaryFolder();
    const { private: registry } = await opened(folder);
    await registry.createRepository(newRepository("web"));
    await pushImage(registry, "web", anImage);
    await putManifest(registry, "web", indexOf([anImage]), "v1");
    await putManifest(registry, "web", indexOf([anImage]), "v2");

    const { manifests } = JSON.parse(await readFile(join(folder, "private", "web", "index.json"), "utf8"));

    const named = manifests.map(({ digest, annotations }: { digest: string; annotations: Record<string, string> }) => [
      digest,
      annotations["org.opencontainers.image.ref.name"],
    ]);
    const { digest } = indexOf([anImage]);
    expect(named.sort()).toEqual(
      [
        [anImage.digest, undefined],
        [digest, "v1"],
        [digest, "v2"],
      ].sort(),
    );
  });

  it.runIf(isInstalled("skopeo"))("keeps layouts that skopeo reads by tag", async () => {
    const folder = await temporaryFolder();
    const { private: registry } = await opened(folder);
    const image = buildImage({ platforms: ["linux/amd64", "linux/arm64"], layersPerPlatform: 2, layerBytes: 10_000 });
    await registry.createRepository(newRepository("team/web"));
    for (const { bytes } of image.blobs) await pushBlob(registry, "team/web", bytes);
    for (const { bytes, mediaType } of [...image.children, image.root]) {
      const tag = mediaType === image.root.mediaType ? "v1" : undefined;
      await registry.putManifest({ repository: "team/web", bytes, mediaType, tag, digest: undefined });
    }

    const copied = await run(
      "skopeo",
      ["--insecure-policy", "copy", "--all", `oci:${folder}/private/team/web:v1`, `oci:${folder}/copy:v1`],
      { HOME: folder },
    );

    expect(copied).toMatchObject({ code: 0, stderr: "" });
    const files = await readdir(join(folder, "copy", "blobs", "sha256"));
    const digests = [image.root, ...image.children, ...image.blobs].map(({ digest }) => hex(digest));
    expect(files.sort()).toEqual(digests.sort());
  });

  it("keeps one copy of a mounted blob", async () => {
    const folder = await temporaryFolder();
    const { private: registry } = await opened(folder);
    for (const name of ["one", "two"]) await registry.createRepository(newRepository(name));
    const digest = await pushBlob(registry, "one", "hello");

    await registry.mountBlob("two", digest, "one");

    const files = ["one", "two"].map((name) => stat(join(folder, "private", name, "blobs", "sha256", hex(digest))));
    const [one, two] = await Promise.all(files);
    expect([one?.nlink, two?.ino]).toEqual([2, one?.ino]);
  });

  it("keeps the bytes of a manifest when a blob of the same bytes goes", async () => {
    const folder = await temporaryFolder();
    const before = await opened(folder);
    await before.private.createRepository(newRepository("web"));
    await pushBlob(before.private, "web", anImage.manifest);
    await pushImage(before.private, "web", anImage, "v1");

    await before.private.deleteBlob("web", anImage.digest);
    const { private: registry } = await opened(folder);

    expect(registry.manifest("web", "v1")?.bytes.toString()).toBe(anImage.manifest);
  });

  it("removes the bytes of what is deleted", async () => {
    const folder = await temporaryFolder();
    const { private: registry } = await opened(folder);
    await registry.createRepository(newRepository("team/web"));
    await pushImage(registry, "team/web", anImage, "v1");
    const blobs = join(folder, "private", "team", "web", "blobs", "sha256");

    await registry.deleteTag("team/web", "v1");
    const layers = await readdir(blobs);
    for (const { digest } of anImage.blobs) await registry.deleteBlob("team/web", digest);
    const nothing = await readdir(blobs);
    await registry.deleteRepository("team/web", { force: false });

    expect(layers.sort()).toEqual(anImage.blobs.map(({ digest }) => hex(digest)).sort());
    expect(nothing).toEqual([]);
    expect(await readdir(join(folder, "private", "team"))).toEqual([]);
  });

  it.each(["a".repeat(256), `team/${"b".repeat(250)}`, "blobs", "index.json/oci-layout", "web/blobs/sha256"])(
    "keeps a repository of any name: %s",
    async (name) => {
      const folder = await temporaryFolder();
      const before = await opened(folder);
      await before.private.createRepository(newRepository(name));
      await pushImage(before.private, name, anImage, "v1");

      const { private: registry } = await opened(folder);

      expect(registry.repositories().map((record) => record.name)).toEqual([name]);
      expect(registry.image(name, "v1")?.digest).toBe(anImage.digest);
    },
  );

  it.each(["..", "a/../../b", "/etc", "a//b", "A", "_documents"])("makes no folder for the name '%s'", async (name) => {
    const { private: registry } = await opened(await temporaryFolder());

    await expect(registry.createRepository(newRepository(name))).rejects.toThrow(/cannot be part of the name/);
  });

  it("says in one line which file is damaged", async () => {
    const folder = await temporaryFolder();
    const store = await opened(folder);
    await store.private.createRepository(newRepository("web"));
    await pushImage(store.private, "web", anImage, "v1");
    const manifest = join(folder, "private", "web", "blobs", "sha256", hex(anImage.digest));
    const index = join(folder, "private", "web", "index.json");

    await writeFile(manifest, `${anImage.manifest} `);
    await expect(openDiskStore(folder)).rejects.toThrow(`the store is damaged: ${manifest} is not what its name says`);
    await writeFile(index, "{");
    await expect(openDiskStore(folder)).rejects.toThrow(`the store is damaged: ${index}: `);
  });

  it("refuses a folder that another living process uses, and takes over from a dead one", async () => {
    const folder = await temporaryFolder();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "_process"), String(process.ppid));

    await expect(openDiskStore(folder)).rejects.toThrow(`the store is in use by process ${process.ppid}`);
    // The largest id that Linux gives, plus one.
    await writeFile(join(folder, "_process"), "4194305");
    const store = await opened(folder);

    expect(store.private.repositories()).toEqual([]);
  });

  it("lets a large index of many images be read again", async () => {
    const folder = await temporaryFolder();
    const before = await opened(folder);
    await before.private.createRepository(newRepository("web"));
    const images = Array.from({ length: 40 }, (_, number) => imageOf([`layer ${number}`]));
    await Promise.all(images.map((image, number) => pushImage(before.private, "web", image, `v${number}`)));

    const { private: registry } = await opened(folder);

    expect(registry.tags("web")).toHaveLength(40);
    expect(registry.image("web", "v7")?.digest).toBe(images[7]?.digest);
    expect(digestOf(registry.manifest("web", "v39")?.bytes ?? "")).toBe(images[39]?.digest);
  });
});
