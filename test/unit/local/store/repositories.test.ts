import { describe, expect, it } from "vitest";
import { anImage, newRepository, onBothForms, pushBlob, pushImage, refusal } from "./forms.ts";

describe("repositories", () => {
  onBothForms((open) => {
    it("creates a repository and gives it back as it was told", async () => {
      const { private: registry } = await open();

      const made = await registry.createRepository(newRepository("team-a/web"));

      expect(made).toEqual(newRepository("team-a/web"));
      expect(registry.repository("team-a/web")).toEqual(made);
      expect(registry.repository("team-a")).toBeUndefined();
    });

    it("keeps the private and the public registry apart", async () => {
      const store = await open();

      await store.private.createRepository(newRepository("web"));

      expect(store.public.repository("web")).toBeUndefined();
      expect(store.public.side).toBe("public");
    });

    it("refuses a name that is taken, of two at once the second", async () => {
      const { private: registry } = await open();

      const both = await Promise.allSettled([
        registry.createRepository(newRepository("web")),
        registry.createRepository(newRepository("web")),
      ]);

      expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
      expect(await refusal(registry.createRepository(newRepository("web")))).toEqual({
        code: "repository-exists",
        detail: { repository: "web" },
      });
    });

    it("lists names sorted, after a name, up to a limit", async () => {
      const { private: registry } = await open();
      for (const name of ["b", "a/c", "d", "a"]) await registry.createRepository(newRepository(name));

      const names = (options?: { after?: string; limit?: number }) =>
        registry.repositories(options).map(({ name }) => name);

      expect(names()).toEqual(["a", "a/c", "b", "d"]);
      expect(names({ after: "a", limit: 2 })).toEqual(["a/c", "b"]);
      expect(names({ after: "aa" })).toEqual(["b", "d"]);
      expect(names({ limit: 0 })).toEqual([]);
    });

    it("changes a record by a function of the present one, one change after the other", async () => {
      const { private: registry } = await open();
      await registry.createRepository({ ...newRepository("web"), settings: { count: 0 } });
      const more = () =>
        registry.updateRepository("web", (record) => ({
          ...record,
          settings: { count: Number(record.settings.count) + 1 },
        }));

      await Promise.all([more(), more(), more()]);

      expect(registry.repository("web")?.settings).toEqual({ count: 3 });
    });

    it("is not reached by later changes of the object it was given", async () => {
      const { private: registry } = await open();
      const record = newRepository("web");

      await registry.createRepository(record);
      Object.assign(record.settings, { owner: "somebody else" });

      expect(registry.repository("web")?.settings.owner).toBe("team-a");
    });

    it("refuses to delete a repository that holds images, unless forced", async () => {
      const { private: registry } = await open();
      await registry.createRepository(newRepository("web"));
      await pushImage(registry, "web", anImage, "v1");

      const refused = await refusal(registry.deleteRepository("web", { force: false }));
      const deleted = await registry.deleteRepository("web", { force: true });

      expect(refused).toEqual({ code: "repository-not-empty", detail: { repository: "web" } });
      expect(deleted.name).toBe("web");
      expect(registry.repository("web")).toBeUndefined();
    });

    it("deletes without force what holds blobs but no image, and starts empty under the name again", async () => {
      const { private: registry } = await open();
      await registry.createRepository(newRepository("web"));
      const digest = await pushBlob(registry, "web", "a layer");

      await registry.deleteRepository("web", { force: false });
      await registry.createRepository(newRepository("web"));

      expect(registry.blob("web", digest)).toBeUndefined();
    });

    it("leaves repositories below a deleted one alone", async () => {
      const { private: registry } = await open();
      for (const name of ["web", "web/blobs", "web/blobs/sha256"]) await registry.createRepository(newRepository(name));
      const digest = await pushBlob(registry, "web/blobs", "a layer");

      await registry.deleteRepository("web", { force: true });

      expect(registry.repositories().map(({ name }) => name)).toEqual(["web/blobs", "web/blobs/sha256"]);
      expect((await registry.readBlob("web/blobs", digest).toArray()).toString()).toBe("a layer");
    });

    it("names the repository that is not there, in every method", async () => {
      const { private: registry } = await open();
      const unknown = { code: "repository-unknown", detail: { repository: "none" } };

      expect(await refusal(registry.deleteRepository("none", { force: true }))).toEqual(unknown);
      expect(await refusal(registry.updateRepository("none", (record) => record))).toEqual(unknown);
      expect(await refusal(registry.startUpload("none"))).toEqual(unknown);
      expect(await refusal(() => registry.blob("none", anImage.digest))).toEqual(unknown);
      expect(await refusal(() => registry.image("none", "v1"))).toEqual(unknown);
      expect(await refusal(() => registry.tags("none"))).toEqual(unknown);
      expect(await refusal(() => registry.referrers("none", anImage.digest))).toEqual(unknown);
      expect(await refusal(registry.deleteTag("none", "v1"))).toEqual(unknown);
    });

    it("keeps documents by key, and forgets one that is put as undefined", async () => {
      const { private: registry } = await open();
      const key = `template:${"long/".repeat(60)}`;

      await registry.putDocument(key, { rules: [{ a: 1 }] });
      await registry.putDocument("scan", { on: true });
      await registry.putDocument("scan", undefined);

      expect(registry.document(key)).toEqual({ rules: [{ a: 1 }] });
      expect(registry.document("scan")).toBeUndefined();
    });
  });
});
