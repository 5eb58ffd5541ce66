import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDiskStore } from "../../../../local/store/disk.ts";
import type { Registry } from "../../../../local/store/store.ts";
import { imageOf, indexOf } from "../ecr/image-content.ts";
import { newRepository, pushBlob, pushImage, putManifest, temporaryFolder } from "./forms.ts";

/** Reads every blob that an image needs and holds it against its digest. Gives the tags. */
async function checkWhole(registry: Registry): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  for (const { name } of registry.repositories()) {
    for (const image of registry.images(name)) {
      for (const tag of image.tags) tags[`${name}:${tag}`] = image.digest;
      const { config, layers = [] } = JSON.parse(registry.manifest(name, image.digest)?.bytes.toString() ?? "");
      for (const { digest } of config === undefined ? [] : [config, ...layers]) {
        const sha256 = createHash("sha256");
        for await (const chunk of registry.readBlob(name, digest)) sha256.update(chunk);
        expect(`sha256:${sha256.digest("hex")}`).toBe(digest);
      }
    }
  }
  return tags;
}

describe("a disk store whose process is killed", () => {
  it("holds every image that was committed, whenever it happens", { timeout: 60_000 }, async () => {
    const folder = await temporaryFolder();
    const committed = new Map<string, string>();
    for (const lines of [1, 4, 9, 16, 23]) {
      const script = new URL("pushing-process.ts", import.meta.url).pathname;
      const child = spawn(process.execPath, [script, folder, String(committed.size)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = new Promise((resolve) => child.once("close", resolve));
      onTestFinished(() => void child.kill("SIGKILL"));
      let seen = 0;
      for await (const line of createInterface(child.stdout)) {
        const [tag = "", digest = ""] = line.split(" ");
        committed.set(`web:${tag}`, digest);
        seen += 1;
        if (seen === lines) child.kill("SIGKILL");
      }
      await ended;

      const store = await openDiskStore(folder);
      const tags = await checkWhole(store.private);
      await store.close();

      expect(tags).toMatchObject(Object.fromEntries(committed));
      // At most the one push that was under way.
      expect(Object.keys(tags).length - committed.size).toBeLessThanOrEqual(1);
    }
    expect(committed.size).toBeGreaterThanOrEqual(53);
  });

  it("is whole before and after each single step on the file system", { timeout: 60_000 }, async () => {
    // As few files as can be: the whole is done again for every step.
    const image = imageOf([]);
    const another = imageOf([], { annotations: { another: "one" } });
    const states = new Set<string>();
    for (let step = 1; ; step += 1) {
      const folder = await temporaryFolder();
      let acknowledged: Record<string, string> = {};
      const died = await dyingAt(step, async () => {
        const { private: registry } = await openDiskStore(folder);
        const told = () => {
          const tags = registry.images("web").flatMap(({ digest, tags }) => tags.map((tag) => [`web:${tag}`, digest]));
          acknowledged = Object.fromEntries(tags);
        };
        await registry.createRepository(newRepository("web"));
        await pushImage(registry, "web", image, "v1");
        told();
        await pushImage(registry, "web", another, "v1");
        await putManifest(registry, "web", indexOf([image, another]), "all");
        told();
        await registry.createRepository(newRepository("other"));
        await registry.mountBlob("other", await pushBlob(registry, "web", "mounted"), "web");
        await registry.deleteTag("web", "all");
        told();
        await registry.deleteRepository("web", { force: true });
        acknowledged = {};
      });

      const store = await openDiskStore(folder);
      const tags = await checkWhole(store.private);
      states.add(JSON.stringify(tags));
      await store.close();
      const [one, two] = [image.digest, another.digest];
      const all = indexOf([image, another]).digest;
      // What was told as done, or the one thing that came after it.
      const next: Record<string, readonly Record<string, string>[]> = {
        "": [{}, { "web:v1": one }],
        [one]: [{ "web:v1": one }, { "web:v1": two }, { "web:v1": two, "web:all": all }],
        [two]: [{ "web:v1": two }, {}],
      };
      const allowed = acknowledged["web:all"] ? [acknowledged, { "web:v1": two }] : next[acknowledged["web:v1"] ?? ""];
      expect(allowed).toContainEqual(tags);
      if (!died) break;
      expect(step).toBeLessThan(200);
    }
    // Nothing yet, the first image, the moved tag, the index: each was met.
    expect(states.size).toBe(4);
  });
});

/**
 * Runs `work` in a process that dies before its `step`th change of the file system: that change and all later ones do not happen.
 * Whether it came to that.
 */
async function dyingAt(step: number, work: () => Promise<void>): Promise<boolean> {
  const names = ["open", "rename", "rm", "rmdir", "mkdir", "link"] as const;
  const real = names.map((name) => promises[name]);
  let count = 0;
  class Dead extends Error {}
  const stepped: Stepped =
    (name, original) =>
    async (...args) => {
      count += 1;
      if (count >= step) throw new Dead(`dead before ${name}`);
      const result = await original(...args);
      if (name === "open") dyingHandle(result as promises.FileHandle, stepped);
      return result;
    };
  for (const [index, name] of names.entries()) Object.assign(promises, { [name]: stepped(name, real[index] as never) });
  syncBuiltinESMExports();
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Dead)) throw error;
  } finally {
    for (const [index, name] of names.entries()) Object.assign(promises, { [name]: real[index] });
    syncBuiltinESMExports();
  }
  return count >= step;
}

/** A file that was opened for writing is empty: the next step is to fill it. A process that dies needs no fsync, and there are many. */
function dyingHandle(handle: promises.FileHandle, stepped: Stepped): void {
  const writeFile = stepped("writeFile", handle.writeFile.bind(handle) as never);
  Object.assign(handle, { writeFile, sync: async () => {} });
}

type Stepped = (
  name: string,
  original: (...args: never[]) => Promise<unknown>,
) => (...args: never[]) => Promise<unknown>;
