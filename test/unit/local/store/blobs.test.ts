import { describe, expect, it } from "vitest";
import { digestOf, imageOf } from "../ecr/image-content.ts";
import { anImage, newRepository, type Open, onBothForms, pushBlob, pushImage, refusal, textOf } from "./forms.ts";

async function withRepositories(open: Open) {
  const { private: registry } = await open();
  await registry.createRepository(newRepository("web"));
  await registry.createRepository(newRepository("other"));
  return registry;
}

describe("blobs", () => {
  onBothForms((open) => {
    it("belong to one repository", async () => {
      const registry = await withRepositories(open);

      const digest = await pushBlob(registry, "web", "hello");

      expect(registry.blob("web", digest)).toEqual({ size: 5 });
      expect(registry.blob("other", digest)).toBeUndefined();
      expect(await refusal(() => registry.readBlob("other", digest))).toEqual({
        code: "blob-unknown",
        detail: { digest },
      });
    });

    it("are mounted out of another repository, and stay when they go there", async () => {
      const registry = await withRepositories(open);
      const digest = await pushBlob(registry, "web", "hello");

      const mounted = await registry.mountBlob("other", digest, "web");
      await registry.deleteRepository("web", { force: true });

      expect(mounted).toEqual({ mediaType: "application/octet-stream", digest, size: 5 });
      expect(await textOf(registry.readBlob("other", digest))).toBe("hello");
    });

    it("are not mounted from where they are not", async () => {
      const registry = await withRepositories(open);
      const digest = digestOf("hello");

      expect(await refusal(registry.mountBlob("other", digest, "web"))).toEqual({
        code: "blob-unknown",
        detail: { digest },
      });
      expect((await refusal(registry.mountBlob("other", digest, "none"))).code).toBe("repository-unknown");
    });

    it("are referenced while an image refers to them", async () => {
      const registry = await withRepositories(open);
      const layer = anImage.blobs[1]?.digest ?? "";
      const before = await pushBlob(registry, "web", "first layer").then(() => registry.isBlobReferenced("web", layer));

      await pushImage(registry, "web", anImage, "v1");
      const during = registry.isBlobReferenced("web", layer);
      await registry.deleteImage("web", anImage.digest);

      expect([before, during, registry.isBlobReferenced("web", layer)]).toEqual([false, true, false]);
    });

    it("are deleted when no image refers to them", async () => {
      const registry = await withRepositories(open);
      const digest = await pushBlob(registry, "web", "hello");

      await registry.deleteBlob("web", digest);

      expect(registry.blob("web", digest)).toBeUndefined();
      expect((await refusal(registry.deleteBlob("web", digest))).code).toBe("blob-unknown");
      expect(await pushBlob(registry, "web", "hello")).toBe(digest);
    });

    it("are not deleted while an image needs them", async () => {
      const registry = await withRepositories(open);
      await pushImage(registry, "web", anImage, "v1");
      const digest = anImage.blobs[1]?.digest ?? "";

      const refused = await refusal(registry.deleteBlob("web", digest));

      expect(refused).toEqual({ code: "image-referenced", detail: { digest, parents: [anImage.digest] } });
      expect(await textOf(registry.readBlob("web", digest))).toBe("first layer");
    });

    it("are apart from manifests even where the bytes are the same", async () => {
      const registry = await withRepositories(open);
      await pushImage(registry, "web", anImage, "v1");
      const before = registry.blob("web", anImage.digest);
      await pushBlob(registry, "web", anImage.manifest);

      await registry.deleteImage("web", anImage.digest);

      expect(before).toBeUndefined();
      expect(await textOf(registry.readBlob("web", anImage.digest))).toBe(anImage.manifest);
      await pushImage(registry, "web", imageOf([anImage.manifest]), "v2");
      await pushImage(registry, "web", anImage, "v1");
      expect(registry.manifest("web", "v1")?.bytes.toString()).toBe(anImage.manifest);
    });
  });
});
