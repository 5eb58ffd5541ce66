import { describe, expect, it } from "vitest";
import type { TagRule } from "../../../../local/store/store.ts";
import { blobOf, digestOf, imageOf, indexOf, ociManifest, sizeOf } from "../ecr/image-content.ts";
import { anImage, newRepository, type Open, onBothForms, pushBlob, pushImage, putManifest, refusal } from "./forms.ts";

const another = imageOf(["another layer"]);

async function withRepository(open: Open, tagRule?: TagRule) {
  let now = Date.parse("2026-03-01T10:00:00.000Z");
  const { private: registry } = await open({ clock: () => new Date(now++) });
  await registry.createRepository(newRepository("web", tagRule));
  return registry;
}

describe("images", () => {
  onBothForms((open) => {
    it("are kept as they were pushed, with what their manifest tells", async () => {
      const registry = await withRepository(open);

      const image = await pushImage(registry, "web", anImage, "v1");

      expect(image).toEqual({
        mediaType: ociManifest,
        digest: anImage.digest,
        size: anImage.manifest.length,
        tags: ["v1"],
        pushedAt: new Date("2026-03-01T10:00:00.000Z"),
        artifactType: "application/vnd.oci.image.config.v1+json",
        subject: undefined,
        annotations: {},
        contentSize: sizeOf(anImage),
      });
      expect(registry.manifest("web", "v1")).toEqual({ image, bytes: Buffer.from(anImage.manifest) });
      expect(registry.image("web", anImage.digest)).toEqual(image);
      expect(registry.image("web", "v2")).toBeUndefined();
    });

    it("take further tags and keep the time of their push", async () => {
      const registry = await withRepository(open);
      const first = await pushImage(registry, "web", anImage, "v2");

      const second = await putManifest(registry, "web", anImage, "latest");

      expect(second).toEqual({ ...first, tags: ["latest", "v2"] });
      expect(registry.tags("web")).toEqual(["latest", "v2"]);
    });

    it("lose a tag that moves to another image, and stay", async () => {
      const registry = await withRepository(open);
      await pushImage(registry, "web", anImage, "v1");

      await pushImage(registry, "web", another, "v1");

      expect(registry.image("web", "v1")?.digest).toBe(another.digest);
      expect(registry.image("web", anImage.digest)?.tags).toEqual([]);
    });

    it("refuse the same push twice, with and without a tag", async () => {
      const registry = await withRepository(open);
      await pushImage(registry, "web", anImage, "v1");

      const tagged = await refusal(putManifest(registry, "web", anImage, "v1"));
      const untagged = await refusal(putManifest(registry, "web", anImage));

      expect(tagged).toEqual({ code: "image-exists", detail: { digest: anImage.digest, tag: "v1" } });
      expect(untagged).toEqual({ code: "image-exists", detail: { digest: anImage.digest } });
    });

    it("keep a tag where the tag rule fixes it", async () => {
      const registry = await withRepository(open, { tags: "immutable", except: ["dev-*"] });
      await pushImage(registry, "web", anImage, "v1");
      await putManifest(registry, "web", anImage, "dev-1");
      for (const { bytes } of another.blobs) await pushBlob(registry, "web", bytes);

      const fixed = await refusal(putManifest(registry, "web", another, "v1"));
      const same = await refusal(putManifest(registry, "web", anImage, "v1"));
      await putManifest(registry, "web", another, "dev-1");

      expect(fixed).toEqual({ code: "tag-immutable", detail: { tag: "v1", digest: another.digest } });
      expect(same.code).toBe("image-exists");
      expect(registry.image("web", "dev-1")?.digest).toBe(another.digest);
    });

    it("follow a tag rule from the moment it changes", async () => {
      const registry = await withRepository(open, { tags: "immutable", except: [] });
      await pushImage(registry, "web", anImage, "v1");
      await registry.updateRepository("web", (record) => ({ ...record, tagRule: { tags: "mutable", except: ["v*"] } }));

      await pushImage(registry, "web", anImage, "other");
      const fixed = await refusal(pushImage(registry, "web", another, "v1"));
      await pushImage(registry, "web", another, "other");

      expect(fixed.code).toBe("tag-immutable");
      expect(registry.tags("web")).toEqual(["other", "v1"]);
    });

    it("need their blobs, and say which are missing", async () => {
      const registry = await withRepository(open);
      const [config, layer] = anImage.blobs;
      await pushBlob(registry, "web", config?.bytes ?? "");

      const refused = await refusal(putManifest(registry, "web", anImage, "v1"));

      expect(refused).toEqual({
        code: "blobs-missing",
        detail: { digests: [layer?.digest, digestOf("second layer")] },
      });
      expect(registry.tags("web")).toEqual([]);
    });

    it("need their children before them", async () => {
      const registry = await withRepository(open);
      const index = indexOf([anImage, another]);
      await pushImage(registry, "web", anImage);

      const refused = await refusal(putManifest(registry, "web", index, "v1"));
      await pushImage(registry, "web", another);
      const taken = await putManifest(registry, "web", index, "v1");

      expect(refused).toEqual({ code: "children-missing", detail: { digests: [another.digest] } });
      expect(taken).toMatchObject({ digest: index.digest, contentSize: 0, artifactType: undefined });
    });

    it("are refused when their bytes have another digest than the one expected", async () => {
      const registry = await withRepository(open);
      const put = (digest: string) =>
        registry.putManifest({
          repository: "web",
          bytes: Buffer.from(anImage.manifest),
          mediaType: ociManifest,
          tag: undefined,
          digest,
        });

      expect(await refusal(put(another.digest))).toEqual({
        code: "digest-mismatch",
        detail: { digest: another.digest, found: anImage.digest },
      });
      expect((await refusal(put("sha256:1"))).code).toBe("digest-invalid");
    });

    it.each(["", ".hidden", "-dash", "a b", "a:b", "é", "x".repeat(129)])("refuse '%s' as a tag", async (tag) => {
      const registry = await withRepository(open);

      expect(await refusal(pushImage(registry, "web", anImage, tag))).toEqual({ code: "tag-invalid", detail: { tag } });
    });

    it("are checked in the order of the contract", async () => {
      const registry = await withRepository(open, { tags: "immutable", except: [] });
      await pushImage(registry, "web", anImage, "v1");
      const put = (manifest: string, digest?: string) =>
        registry.putManifest({
          repository: "web",
          bytes: Buffer.from(manifest),
          mediaType: ociManifest,
          tag: "v1",
          digest,
        });

      const codes = [
        await refusal(put("no manifest", another.digest)),
        await refusal(put(another.manifest, anImage.digest)),
        await refusal(put(another.manifest)),
        await refusal(pushBlob(registry, "web", "another layer").then(() => put(imageOf(["another layer"]).manifest))),
      ].map(({ code }) => code);
      for (const { bytes } of another.blobs) await pushBlob(registry, "web", bytes);

      expect(codes).toEqual(["manifest-invalid", "digest-mismatch", "blobs-missing", "blobs-missing"]);
      expect((await refusal(put(another.manifest))).code).toBe("tag-immutable");
    });

    it("take one of two pushes at once to a fixed tag", async () => {
      const registry = await withRepository(open, { tags: "immutable", except: [] });
      for (const { bytes } of [...anImage.blobs, ...another.blobs]) await pushBlob(registry, "web", bytes);

      const both = await Promise.allSettled([
        putManifest(registry, "web", anImage, "v1"),
        putManifest(registry, "web", another, "v1"),
      ]);

      expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
      expect(registry.images("web").map(({ digest }) => digest)).toEqual([anImage.digest]);
    });

    it("are listed by digest, tags by name, after one and up to a limit", async () => {
      const registry = await withRepository(open);
      const images = ["a", "b", "c", "d"].map((layer) => imageOf([layer]));
      for (const [index, image] of images.entries()) await pushImage(registry, "web", image, `v${index}`);
      const sorted = images.map(({ digest }) => digest).sort();

      const page = registry.images("web", { after: sorted[0] ?? "", limit: 2 }).map(({ digest }) => digest);

      expect(page).toEqual(sorted.slice(1, 3));
      expect(registry.images("web").map(({ digest }) => digest)).toEqual(sorted);
      expect(registry.tags("web", { after: "v0", limit: 2 })).toEqual(["v1", "v2"]);
    });

    it("name their subject, which lists them by digest and need not be there", async () => {
      const registry = await withRepository(open);
      const { mediaType } = anImage;
      const subject = { mediaType, digest: anImage.digest, size: anImage.manifest.length };
      const more = { subject, artifactType: "application/vnd.example.sbom", annotations: { by: "test" } };
      const referrers = ["a", "b"].map((layer) => imageOf([layer], more));
      for (const each of referrers) await pushImage(registry, "web", each);

      const listed = registry.referrers("web", anImage.digest);
      await registry.deleteImage("web", listed[0]?.digest ?? "");

      expect(listed.map(({ digest }) => digest)).toEqual(referrers.map(({ digest }) => digest).sort());
      expect(listed[0]).toMatchObject({ artifactType: more.artifactType, annotations: { by: "test" } });
      expect(registry.referrers("web", anImage.digest)).toEqual(listed.slice(1));
      expect(registry.referrers("web", another.digest)).toEqual([]);
    });

    it("go with their last tag, unless they are to be kept", async () => {
      const registry = await withRepository(open);
      await pushImage(registry, "web", anImage, "v1");
      await putManifest(registry, "web", anImage, "v2");
      await pushImage(registry, "web", another, "kept");

      await registry.deleteTag("web", "v1");
      const afterFirst = registry.image("web", anImage.digest)?.tags;
      await registry.deleteTag("web", "v2");
      await registry.deleteTag("web", "kept", { keepUntagged: true });

      expect(afterFirst).toEqual(["v2"]);
      expect(registry.images("web").map(({ digest, tags }) => ({ digest, tags }))).toEqual([
        { digest: another.digest, tags: [] },
      ]);
      expect(await refusal(registry.deleteTag("web", "v2"))).toEqual({
        code: "manifest-unknown",
        detail: { reference: "v2" },
      });
    });

    it("go with all their tags when they are deleted by digest", async () => {
      const registry = await withRepository(open);
      await pushImage(registry, "web", anImage, "v1");
      await putManifest(registry, "web", anImage, "v2");

      const deleted = await registry.deleteImage("web", anImage.digest);

      expect(deleted.tags).toEqual(["v1", "v2"]);
      expect(registry.tags("web")).toEqual([]);
      expect((await refusal(registry.deleteImage("web", anImage.digest))).code).toBe("manifest-unknown");
      expect((await refusal(registry.deleteImage("web", "v1"))).code).toBe("manifest-unknown");
    });

    it("stay while an index that lists them is there", async () => {
      const registry = await withRepository(open);
      const index = indexOf([anImage]);
      await pushImage(registry, "web", anImage, "child");
      await putManifest(registry, "web", index, "root");
      const referenced = { code: "image-referenced", detail: { digest: anImage.digest, parents: [index.digest] } };

      expect(await refusal(registry.deleteImage("web", anImage.digest))).toEqual(referenced);
      expect(await refusal(registry.deleteTag("web", "child"))).toEqual(referenced);
      await registry.deleteImage("web", index.digest);
      await registry.deleteImage("web", anImage.digest);

      expect(registry.images("web")).toEqual([]);
    });

    it("are not reached by later changes of the buffer they came in", async () => {
      const registry = await withRepository(open);
      for (const { bytes } of anImage.blobs) await pushBlob(registry, "web", bytes);
      const bytes = Buffer.from(anImage.manifest);

      await registry.putManifest({ repository: "web", bytes, mediaType: undefined, tag: "v1", digest: undefined });
      bytes.fill(0);

      expect(registry.manifest("web", "v1")?.bytes.toString()).toBe(anImage.manifest);
      expect(blobOf(anImage.manifest).digest).toBe(anImage.digest);
    });
  });
});
