import { createHash, randomBytes } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { digestOf } from "../ecr/image-content.ts";
import { newRepository, type Open, onBothForms, pushBlob, refusal, textOf } from "./forms.ts";

async function withUpload(open: Open) {
  const { private: registry } = await open();
  await registry.createRepository(newRepository("web"));
  return { registry, upload: await registry.startUpload("web") };
}

describe("uploads", () => {
  onBothForms((open) => {
    it("makes a blob of parts that follow each other", async () => {
      const { registry, upload } = await withUpload(open);

      const first = await registry.appendUpload("web", upload, Buffer.from("hello "), { offset: 0 });
      const second = await registry.appendUpload("web", upload, Readable.from([Buffer.from("wor"), Buffer.from("ld")]));
      const blob = await registry.finishUpload("web", upload, digestOf("hello world"));

      expect([first, second]).toEqual([6, 11]);
      expect(blob).toEqual({ mediaType: "application/octet-stream", digest: digestOf("hello world"), size: 11 });
      expect(registry.blob("web", blob.digest)).toEqual({ size: 11 });
      expect(await textOf(registry.readBlob("web", blob.digest))).toBe("hello world");
    });

    it("takes several megabytes in odd chunks, and reads any range of them", async () => {
      const { registry, upload } = await withUpload(open);
      const bytes = randomBytes(5_000_003);
      const chunks = [0, 1, 65_536, 65_537, 3_000_000].map((start, index, all) =>
        bytes.subarray(start, all[index + 1]),
      );

      await registry.appendUpload("web", upload, Readable.from(chunks));
      const { digest, size } = await registry.finishUpload("web", upload, digestOf(bytes));

      const sha256 = createHash("sha256");
      for await (const chunk of registry.readBlob("web", digest)) sha256.update(chunk);
      expect([size, sha256.digest("hex")]).toEqual([bytes.length, digest.slice(7)]);
      for (const [start, end] of [
        [0, 0],
        [65_535, 65_537],
        [2_999_999, 3_000_000],
        [5_000_002, 5_000_002],
      ] as const) {
        const read = Buffer.concat(await registry.readBlob("web", digest, { start, end }).toArray());
        expect(read.equals(bytes.subarray(start, end + 1))).toBe(true);
      }
    });

    it("tells the size so far", async () => {
      const { registry, upload } = await withUpload(open);

      const before = registry.uploadSize("web", upload);
      await registry.appendUpload("web", upload, Buffer.from("hello"));

      expect([before, registry.uploadSize("web", upload)]).toEqual([0, 5]);
    });

    it("refuses bytes that do not continue the upload, and keeps what it has", async () => {
      const { registry, upload } = await withUpload(open);
      await registry.appendUpload("web", upload, Buffer.from("hello"));

      const refused = await refusal(registry.appendUpload("web", upload, Buffer.from("world"), { offset: 6 }));

      expect(refused).toEqual({ code: "upload-offset", detail: { uploadId: upload, received: 5 } });
      expect((await registry.finishUpload("web", upload, digestOf("hello"))).size).toBe(5);
    });

    it("lets two appends at once follow each other", async () => {
      const { registry, upload } = await withUpload(open);
      const slow = new PassThrough();

      const first = registry.appendUpload("web", upload, slow);
      const second = registry.appendUpload("web", upload, Buffer.from("world"));
      slow.write("hello ");
      slow.end();

      expect(await Promise.all([first, second])).toEqual([6, 11]);
      await registry.finishUpload("web", upload, digestOf("hello world"));
    });

    it("keeps what arrived of a stream that breaks, so that the rest can follow", async () => {
      const { registry, upload } = await withUpload(open);
      const breaking = Readable.from(
        (async function* () {
          yield Buffer.from("hello ");
          throw new Error("connection lost");
        })(),
      );

      await expect(registry.appendUpload("web", upload, breaking)).rejects.toThrow("connection lost");
      const size = registry.uploadSize("web", upload);
      await registry.appendUpload("web", upload, Buffer.from("world"), { offset: size });

      expect((await registry.finishUpload("web", upload, digestOf("hello world"))).size).toBe(11);
    });

    it("refuses the end of an upload without parts", async () => {
      const { registry, upload } = await withUpload(open);

      const refused = await refusal(registry.finishUpload("web", upload, digestOf("")));

      expect(refused).toEqual({ code: "upload-empty", detail: { uploadId: upload, digest: digestOf("") } });
    });

    it("makes a blob of no bytes out of a part of no bytes", async () => {
      const { registry, upload } = await withUpload(open);

      await registry.appendUpload("web", upload, Buffer.alloc(0));
      const { digest, size } = await registry.finishUpload("web", upload, digestOf(""));

      expect(size).toBe(0);
      expect(await textOf(registry.readBlob("web", digest))).toBe("");
    });

    it("refuses a wrong digest and ends the upload", async () => {
      const { registry, upload } = await withUpload(open);
      await registry.appendUpload("web", upload, Buffer.from("hello"));

      const refused = await refusal(registry.finishUpload("web", upload, digestOf("other")));

      expect(refused.code).toBe("digest-mismatch");
      expect(refused.detail).toMatchObject({ digest: digestOf("other"), found: digestOf("hello") });
      expect(await refusal(() => registry.uploadSize("web", upload))).toEqual({
        code: "upload-unknown",
        detail: { uploadId: upload },
      });
      expect(registry.blob("web", digestOf("hello"))).toBeUndefined();
    });

    it.each(["sha256:abc", `sha512:${"a".repeat(128)}`, `sha256:${"A".repeat(64)}`, ""])(
      "refuses '%s' as a digest",
      async (digest) => {
        const { registry, upload } = await withUpload(open);
        await registry.appendUpload("web", upload, Buffer.from("hello"));

        const refused = await refusal(registry.finishUpload("web", upload, digest));

        expect(refused).toEqual({ code: "digest-invalid", detail: { digest } });
      },
    );

    it("refuses a short part that is not the last", async () => {
      const { registry, upload } = await withUpload(open);
      for (const part of ["hello", "wor", "ld"]) await registry.appendUpload("web", upload, Buffer.from(part));
      const digest = digestOf("helloworld");

      const refused = await refusal(registry.finishUpload("web", upload, digest, { minimumPart: 4 }));
      const taken = await registry.finishUpload("web", upload, digest, { minimumPart: 3 });

      expect(refused.code).toBe("upload-part-small");
      expect(taken.size).toBe(10);
    });

    it("takes a blob that is there again, and refuses it only when asked to", async () => {
      const { registry } = await withUpload(open);
      const digest = await pushBlob(registry, "web", "hello");
      const again = await registry.startUpload("web");
      await registry.appendUpload("web", again, Buffer.from("hello"));

      expect(await pushBlob(registry, "web", "hello")).toBe(digest);
      expect(await refusal(registry.finishUpload("web", again, digest, { refuseExisting: true }))).toEqual({
        code: "blob-exists",
        detail: { digest },
      });
    });

    it("makes one blob of two uploads of the same bytes that end at once", async () => {
      const { registry } = await withUpload(open);
      const bytes = randomBytes(300_000);

      const digests = await Promise.all([1, 2, 3].map(() => pushBlob(registry, "web", bytes)));

      expect(new Set(digests)).toEqual(new Set([digestOf(bytes)]));
      expect(Buffer.concat(await registry.readBlob("web", digestOf(bytes)).toArray()).equals(bytes)).toBe(true);
    });

    it("knows an upload no more once it is cancelled", async () => {
      const { registry, upload } = await withUpload(open);
      await registry.appendUpload("web", upload, Buffer.from("hello"));

      await registry.cancelUpload("web", upload);

      const unknown = { code: "upload-unknown", detail: { uploadId: upload } };
      expect(await refusal(registry.appendUpload("web", upload, Buffer.from("x")))).toEqual(unknown);
      expect(await refusal(registry.finishUpload("web", upload, digestOf("hello")))).toEqual(unknown);
      expect(await refusal(registry.cancelUpload("web", upload))).toEqual(unknown);
    });

    it("breaks off a stream when its upload is cancelled or its repository deleted", async () => {
      const { registry, upload } = await withUpload(open);
      const other = await registry.startUpload("web");
      const [one, two] = [new PassThrough(), new PassThrough()];
      const appends = [registry.appendUpload("web", upload, one), registry.appendUpload("web", other, two)];
      const outcomes = Promise.all(appends.map((append) => refusal(append)));
      one.write("some");
      two.write("more");
      await vi.waitFor(() => expect(registry.uploadSize("web", other)).toBe(4));

      await registry.cancelUpload("web", upload);
      await registry.deleteRepository("web", { force: true });

      expect((await outcomes).map(({ code }) => code)).toEqual(["upload-unknown", "upload-unknown"]);
    });

    it("is an upload of one repository alone", async () => {
      const { registry, upload } = await withUpload(open);
      await registry.createRepository(newRepository("other"));

      expect((await refusal(registry.appendUpload("other", upload, Buffer.from("x")))).code).toBe("upload-unknown");
    });
  });
});
