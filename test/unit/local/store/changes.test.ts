import { describe, expect, it } from "vitest";
import type { StoreChange } from "../../../../local/store/store.ts";
import { imageOf } from "../ecr/image-content.ts";
import { anImage, newRepository, type Open, onBothForms, pushImage, putManifest, refusal } from "./forms.ts";

const another = imageOf(["another layer"]);

/** A registry, and what its listener heard in short. */
async function listening(open: Open) {
  const { private: registry, public: other } = await open();
  const heard: unknown[] = [];
  const told = (change: StoreChange) =>
    "image" in change
      ? { type: change.type, digest: change.image.digest, tags: change.image.tags, tag: change.tag, ...moved(change) }
      : { type: change.type, name: change.repository.name };
  const stop = registry.onChange((change) => heard.push(told(change)));
  return { registry, other, heard, stop };
}

const moved = (change: StoreChange) => (change.type === "image-pushed" ? { movedFrom: change.movedFrom } : {});

describe("changes", () => {
  onBothForms((open) => {
    it("are heard in the order of their commits", async () => {
      const { registry, heard } = await listening(open);

      await registry.createRepository(newRepository("web"));
      await pushImage(registry, "web", anImage, "v1");
      await pushImage(registry, "web", another, "v1");
      await putManifest(registry, "web", another, "v2");
      await registry.updateRepository("web", (record) => record);
      await registry.deleteTag("web", "v1");
      await registry.deleteImage("web", anImage.digest);
      await registry.deleteRepository("web", { force: true });

      const [one, two] = [anImage.digest, another.digest];
      expect(heard).toEqual([
        { type: "repository-created", name: "web" },
        { type: "image-pushed", digest: one, tags: ["v1"], tag: "v1", movedFrom: undefined },
        { type: "image-pushed", digest: two, tags: ["v1"], tag: "v1", movedFrom: one },
        { type: "image-pushed", digest: two, tags: ["v1", "v2"], tag: "v2", movedFrom: undefined },
        { type: "repository-changed", name: "web" },
        { type: "image-deleted", digest: two, tags: ["v1", "v2"], tag: "v1" },
        { type: "image-deleted", digest: one, tags: [], tag: undefined },
        { type: "repository-deleted", name: "web" },
      ]);
    });

    it("tell of each tag of an image that is deleted by digest", async () => {
      const { registry, heard } = await listening(open);
      await registry.createRepository(newRepository("web"));
      await pushImage(registry, "web", anImage, "v1");
      await putManifest(registry, "web", anImage, "v2");
      heard.length = 0;

      await registry.deleteImage("web", anImage.digest);

      expect(heard).toMatchObject([{ tag: "v1" }, { tag: "v2" }]);
    });

    it("are heard when they can be read already", async () => {
      const { registry } = await listening(open);
      await registry.createRepository(newRepository("web"));
      let seen: string[] = [];
      registry.onChange(() => {
        seen = registry.tags("web");
      });

      await pushImage(registry, "web", anImage, "v1");

      expect(seen).toEqual(["v1"]);
    });

    it("are not told for what was refused, nor of the other registry, nor after the subscription", async () => {
      const { registry, other, heard, stop } = await listening(open);
      await registry.createRepository(newRepository("web"));
      heard.length = 0;

      await refusal(putManifest(registry, "web", anImage, "v1"));
      await other.createRepository(newRepository("web"));
      stop();
      await registry.createRepository(newRepository("later"));

      expect(heard).toEqual([]);
    });

    it("reach every listener, and the error of one reaches whoever made the change", async () => {
      const { registry } = await listening(open);
      const heard: string[] = [];
      registry.onChange(() => {
        throw new Error("listener broke");
      });
      registry.onChange(({ type }) => heard.push(type));

      const creating = registry.createRepository(newRepository("web"));

      await expect(creating).rejects.toThrow("listener broke");
      expect(heard).toEqual(["repository-created"]);
      expect(registry.repository("web")?.name).toBe("web");
    });
  });
});
