/** Push of manifests: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests */
import { expect, it } from "vitest";
import { artifactOf, imageWith, indexWith, manifestOf } from "../../support/contract-images.ts";
import { texts } from "../../support/contract-refusals.ts";
import { bytesOf, locationOf, refusalOf } from "../../support/contract-registry.ts";
import type { ContractRepository } from "../../support/contract-repository.ts";
import { descriptorOf, imageOf, partOf, type TestImage, TYPE } from "../../support/image-parts.ts";
import { onEveryHost } from "./every-host.ts";
import { differs } from "./known-differences.ts";
import { config, docker, image, kinds, layer } from "./manifest-kinds.ts";

async function withBlobs(at: ContractRepository, { blobs }: Pick<TestImage, "blobs">): Promise<ContractRepository> {
  for (const blob of blobs) await at.sendBlob(blob);
  return at;
}

/** As it was pushed, type and bytes, under its digest. */
async function expectStored({ send }: ContractRepository, { digest, mediaType, bytes }: TestImage): Promise<void> {
  const got = await send("GET", `manifests/${digest}`, { headers: { accept: mediaType } });
  expect([got.status, got.headers.get("content-type")]).toEqual([200, mediaType]);
  expect((await bytesOf(got)).equals(bytes)).toBe(true);
}

onEveryHost("push of manifests", ({ side, repository }) => {
  it.each(kinds)("takes %s, and keeps its bytes", async (_what, manifest) => {
    const at = await repository();
    await at.sendImage(manifest, "v1");
    await expectStored(at, manifest);
  });

  it("takes a manifest under a tag and under its digest, and tells the digest", async () => {
    const at = await withBlobs(await repository(), image);
    for (const reference of ["v1", image.digest]) {
      const put = await at.sendManifest(image, reference);
      expect(put.status).toBe(201);
      expect(put.headers.get("docker-content-digest")).toBe(image.digest);
      expect(put.headers.has("location")).toBe(!differs("manifest-put-location", side));
      if (put.headers.has("location")) expect((await at.host.send("GET", locationOf(put))).status).toBe(200);
    }
  });

  it("takes a manifest under several tags", async () => {
    const at = await withBlobs(await repository(), image);
    for (const tag of ["test0", "test1", "test2", "test3", "_tag.with-all_kinds", "x".repeat(128)]) {
      expect((await at.sendManifest(image, tag)).status).toBe(201);
      const head = await at.send("HEAD", `manifests/${tag}`, { headers: { accept: image.mediaType } });
      expect(head.headers.get("docker-content-digest")).toBe(image.digest);
    }
  });

  it("keeps every byte of the client's JSON", async () => {
    const at = await repository();
    const { bytes } = image;
    const spaced = {
      ...image,
      ...partOf(`\n${JSON.stringify(JSON.parse(bytes.toString()), null, "\t")} \n`, TYPE.image),
    };
    await at.sendImage(spaced, "v1");
    await expectStored(at, spaced);
  });

  it("takes its type from Content-Type, without its parameters, where the manifest tells none", async () => {
    const untyped = manifestOf({ mediaType: undefined, config: descriptorOf(config), layers: [descriptorOf(layer)] }, [
      config,
      layer,
    ]);
    const at = await withBlobs(await repository(), untyped);
    const put = await at.sendManifest({ ...untyped, mediaType: `${TYPE.image}; charset=utf-8` }, "v1");
    expect(put.status).toBe(201);
    await expectStored(at, untyped);
  });

  it.each([
    [
      "bytes of another digest",
      (digest: string) => digest.replace(/.{4}$/, (last) => (last === "0000" ? "1111" : "0000")),
    ],
    ["what is no digest", () => "sha256:baddigeststring"],
  ])("refuses a manifest under %s", async (_what, change) => {
    const at = await withBlobs(await repository(), image);
    const reference = change(image.digest);
    const put = await at.sendManifest(image, reference);
    expect(await refusalOf(put)).toMatchObject({ status: 400, code: "DIGEST_INVALID" });
    expect((await at.send("HEAD", `manifests/${image.digest}`)).status).toBe(404);
  });

  it("refuses a manifest whose blobs are not there, and takes it once they are", async () => {
    const at = await repository();
    expect(await refusalOf(await at.sendManifest(image, "v1"))).toMatchObject({
      status: 404,
      code: "MANIFEST_BLOB_UNKNOWN",
    });
    await withBlobs(at, image);
    expect((await at.sendManifest(image, "v1")).status).toBe(201);
  });

  it("refuses an index whose manifests are not there, and takes it once they are", async () => {
    const at = await withBlobs(await repository(), image);
    const index = indexWith([image]);
    expect(await refusalOf(await at.sendManifest(index, "v1"))).toMatchObject({
      status: 404,
      code: "MANIFEST_BLOB_UNKNOWN",
    });
    await at.sendManifest(image);
    expect((await at.sendManifest(index, "v1")).status).toBe(201);
  });

  it.each([
    ["an image", artifactOf("signature", { subject: image })],
    ["an index", indexWith([], { subject: descriptorOf(image) })],
  ])("takes %s with a subject that is not there, and tells that it saw the subject", async (_what, manifest) => {
    const at = await withBlobs(await repository(), manifest);
    const put = await at.sendManifest(manifest);
    expect(put.status).toBe(201);
    expect(put.headers.get("oci-subject")).toBe(image.digest);
  });

  it("tells no subject for a manifest without one", async () => {
    const at = await withBlobs(await repository(), image);
    expect((await at.sendManifest(image, "v1")).headers.has("oci-subject")).toBe(false);
  });

  it("moves a tag to the manifest that was pushed last", async () => {
    const at = await repository();
    const other = imageWith("other");
    await at.sendImage(image, "latest");
    await at.sendImage(other, "latest");
    const head = await at.send("HEAD", "manifests/latest", { headers: { accept: other.mediaType } });
    expect(head.headers.get("docker-content-digest")).toBe(other.digest);
    await expectStored(at, image);
  });

  it.each([
    ["text that is not JSON", "blablabla"],
    ["JSON that is no manifest", "[]"],
    ["a type that contradicts Content-Type", imageOf([layer], docker.manifest).bytes.toString()],
    ["an index with layers", indexWith([], { layers: [] }).bytes.toString()],
  ])("refuses %s", async (_what, text) => {
    const at = await repository();
    const refused = await refusalOf(await at.sendManifest(partOf(text, TYPE.image), "v1"));
    expect(refused).toMatchObject(
      differs("manifest-refused-status", side)
        ? { status: 405, code: "UNSUPPORTED" }
        : { status: 400, code: "MANIFEST_INVALID" },
    );
    expect((await at.send("HEAD", "manifests/v1")).status).toBe(404);
  });

  it("refuses more than four megabytes", async () => {
    const at = await repository();
    const put = await at.sendManifest(partOf(" ".repeat(4 * 1024 * 1024 + 1), TYPE.image), "v1");
    expect(put.status).toBe(413);
  });

  it("judges an image without layers in its own way", async () => {
    const empty = manifestOf({ config: descriptorOf(config), layers: [] }, [config]);
    const at = await withBlobs(await repository(), empty);
    const put = await at.sendManifest(empty, "v1");
    if (!differs("manifest-without-layers", side)) return expect(put.status).toBe(201);
    expect(await refusalOf(put)).toEqual({
      status: 405,
      code: "UNSUPPORTED",
      message: texts.invalid("ImageManifest", "Image has to have at least 1 layer"),
    });
  });

  it("takes a manifest again", async () => {
    const at = await repository();
    await at.sendImage(image, "v1");
    for (const reference of ["v1", image.digest]) expect((await at.sendManifest(image, reference)).status).toBe(201);
  });
});

onEveryHost("immutable tags", ({ side, context }) => {
  if (!differs("tag-immutable", side)) {
    it("are not there to be had", async () => {
      const at = await context().repository(side);
      await at.sendImage(image, "v1");
      await at.sendImage(imageWith("other"), "v1");
    });
    return;
  }
  it("are told in ECR's words, for another image and for the same one", async () => {
    const { ecr, repository } = context();
    const at = await repository("private");
    await ecr.putImageTagMutability({ repositoryName: at.name, imageTagMutability: "IMMUTABLE" });
    const other = imageWith("other");
    await at.sendImage(image, "v1");
    await withBlobs(at, other);
    for (const manifest of [other, image]) {
      const told = { status: 400, code: "TAG_INVALID", message: texts.tagImmutable(at, "v1") };
      expect(await refusalOf(await at.sendManifest(manifest, "v1"))).toEqual(told);
    }
    expect((await at.sendManifest(other)).status).toBe(201);
  });
});
