/** Content management: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#content-management */
import { expect, it } from "vitest";
import { imageWith, indexWith } from "../../support/contract-images.ts";
import { refusalOf } from "../../support/contract-registry.ts";
import type { ContractRepository } from "../../support/contract-repository.ts";
import { partOf } from "../../support/image-parts.ts";
import { onEveryHost } from "./every-host.ts";
import { differs } from "./known-differences.ts";

const image = imageWith("layer");
const [config, layer] = image.blobs;
const absent = partOf("absent");

async function statusOf({ send }: ContractRepository, reference: string): Promise<number> {
  return (await send("GET", `manifests/${reference}`, { headers: { accept: image.mediaType } })).status;
}

async function tagsOf({ send }: ContractRepository): Promise<string[]> {
  return ((await (await send("GET", "tags/list")).json()) as { tags: string[] }).tags;
}

onEveryHost("content management", ({ side, repository, missing }) => {
  it("deletes a tag, and nothing but the tag", async () => {
    const at = await repository();
    await at.sendImage(image, "v1");
    await at.sendManifest(image, "v2");
    expect((await at.send("DELETE", "manifests/v1")).status).toBe(202);
    expect(await statusOf(at, "v1")).toBe(404);
    expect([await statusOf(at, "v2"), await statusOf(at, image.digest)]).toEqual([200, 200]);
    expect(await tagsOf(at)).toEqual(["v2"]);
  });

  it("deletes the image with its last tag", async () => {
    const at = await repository();
    await at.sendImage(image, "v1");
    expect((await at.send("DELETE", "manifests/v1")).status).toBe(202);
    expect(await statusOf(at, "v1")).toBe(404);
    expect(await statusOf(at, image.digest)).toBe(differs("tag-delete-last", side) ? 404 : 200);
  });

  it("deletes a manifest with all its tags", async () => {
    const at = await repository();
    await at.sendImage(image, "v1");
    await at.sendManifest(image, "v2");
    expect((await at.send("DELETE", `manifests/${image.digest}`)).status).toBe(202);
    for (const reference of ["v1", "v2", image.digest]) expect(await statusOf(at, reference)).toBe(404);
    expect(await tagsOf(at)).toEqual([]);
  });

  it("deletes nothing twice, and nothing that was not pushed", async () => {
    const at = await repository();
    await at.sendImage(image, "v1");
    await at.send("DELETE", `manifests/${image.digest}`);
    for (const below of [`manifests/${image.digest}`, "manifests/v1", `manifests/${absent.digest}`]) {
      expect(await refusalOf(await at.send("DELETE", below))).toMatchObject({ status: 404, code: "MANIFEST_UNKNOWN" });
    }
    expect(await refusalOf(await at.send("DELETE", `blobs/${absent.digest}`))).toMatchObject({
      status: 404,
      code: "BLOB_UNKNOWN",
    });
  });

  it("takes a manifest again after it was deleted", async () => {
    const at = await repository();
    await at.sendImage(image, "v1");
    await at.send("DELETE", `manifests/${image.digest}`);
    await at.sendImage(image, "v1");
    expect(await statusOf(at, "v1")).toBe(200);
  });

  it("deletes the manifest of an index only after the index", async () => {
    const at = await repository();
    const index = indexWith([image]);
    await at.sendImage(index, "all");
    const refused = await at.send("DELETE", `manifests/${image.digest}`);
    expect(refused.status).toBe(differs("manifest-delete-referenced", side) ? 405 : 202);
    expect((await refusalOf(refused)).code).toBe("UNSUPPORTED");
    expect(await statusOf(at, image.digest)).toBe(200);
    expect((await at.send("DELETE", `manifests/${index.digest}`)).status).toBe(202);
    expect((await at.send("DELETE", `manifests/${image.digest}`)).status).toBe(202);
  });

  it("deletes a blob that no manifest refers to", async () => {
    const at = await repository();
    const alone = partOf("alone");
    await at.sendBlob(alone);
    expect((await at.send("DELETE", `blobs/${alone.digest}`)).status).toBe(202);
    expect((await at.send("HEAD", `blobs/${alone.digest}`)).status).toBe(404);
    expect((await at.send("GET", `blobs/${alone.digest}`)).status).toBe(404);
  });

  it("keeps a blob that a manifest refers to", async () => {
    const at = await repository();
    await at.sendImage(image, "v1");
    for (const blob of [config, layer]) {
      const deleted = await at.send("DELETE", `blobs/${blob?.digest}`);
      expect(deleted.status).toBe(differs("blob-delete-referenced", side) ? 405 : 202);
      expect((await refusalOf(deleted)).code).toBe("UNSUPPORTED");
      expect((await at.send("HEAD", `blobs/${blob?.digest}`)).status).toBe(200);
    }
  });

  it("has no blobs of an image any more once it was deleted and they were too", async () => {
    const at = await repository();
    await at.sendImage(image, "v1");
    await at.send("DELETE", `manifests/${image.digest}`);
    for (const blob of [config, layer]) {
      // A registry may have collected it already.
      expect([202, 404]).toContain((await at.send("DELETE", `blobs/${blob?.digest}`)).status);
      expect((await at.send("GET", `blobs/${blob?.digest}`)).status).toBe(404);
    }
  });

  it("deletes nothing in a repository that is not there", async () => {
    const { path, host } = await missing();
    for (const below of ["manifests/v1", `manifests/${absent.digest}`, `blobs/${absent.digest}`]) {
      const refused = await refusalOf(await host.send("DELETE", `${path}/${below}`));
      expect(refused).toMatchObject({ status: 404, code: "NAME_UNKNOWN" });
    }
  });

  it("deletes nothing for whoever has no credentials", async () => {
    const at = await repository();
    await at.sendImage(image, "v1");
    for (const below of ["manifests/v1", `manifests/${image.digest}`, `blobs/${layer?.digest}`]) {
      expect((await at.send("DELETE", below, { authorization: null })).status).toBe(401);
    }
    expect(await statusOf(at, "v1")).toBe(200);
  });
});
