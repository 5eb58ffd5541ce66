import { describe, expect, it } from "vitest";
import { blobOf, imageOf, indexOf, ociManifest } from "../ecr/image-content.ts";
import { alias, newRepository, pushBlob, pushImage, putManifest, refusal, startRegistry } from "./start-registry.ts";

const image = imageOf(["layer"]);
const another = imageOf(["another layer"]);

async function withRepositories(tagRule?: Parameters<typeof newRepository>[1]) {
  const hosts = await startRegistry();
  await hosts.store.private.createRepository(newRepository("web", tagRule));
  await hosts.store.public.createRepository(newRepository("web"));
  return hosts;
}

describe.each([
  ["private", "web"],
  ["public", `${alias}/web`],
] as const)("PUT of a manifest at the %s host", (side, name) => {
  it("answers 201 with the digest and without a Location", async () => {
    const hosts = await withRepositories();

    const response = await pushImage(hosts, side, name, image, "v1");

    expect([response.status, await response.text()]).toEqual([201, ""]);
    expect(response.headers.get("docker-content-digest")).toBe(image.digest);
    expect(response.headers.get("location")).toBeNull();
    expect(response.headers.get("oci-subject")).toBeNull();
    expect(hosts.store[side].image("web", "v1")?.digest).toBe(image.digest);
  });

  it("takes the same image again, by tag and by digest", async () => {
    const hosts = await withRepositories();
    await pushImage(hosts, side, name, image, "v1");

    expect((await putManifest(hosts, side, name, image, "v1")).status).toBe(201);
    expect((await putManifest(hosts, side, name, image, image.digest)).status).toBe(201);
    expect(hosts.defects).toEqual([]);
  });

  it("pushes an index after its children, and not before", async () => {
    const hosts = await withRepositories();
    const index = indexOf([image, another]);
    await pushImage(hosts, side, name, image, image.digest);

    const early = await refusal(await putManifest(hosts, side, name, index, "all"));
    await pushImage(hosts, side, name, another, another.digest);

    expect(early).toEqual({
      status: 404,
      code: "MANIFEST_BLOB_UNKNOWN",
      message: `Images with digests '[${another.digest}]' required for pushing image into repository with name 'web' in the registry with id '123456789012' do not exist`,
    });
    expect((await putManifest(hosts, side, name, index, "all")).status).toBe(201);
    expect(hosts.store[side].image("web", another.digest)?.tags).toEqual([]);
  });

  it("refuses a manifest whose layers are missing", async () => {
    const hosts = await withRepositories();

    const refused = await refusal(await putManifest(hosts, side, name, image, "v1"));

    expect(refused).toMatchObject({ status: 404, code: "MANIFEST_BLOB_UNKNOWN" });
    expect(refused.message).toContain(image.blobs[1]?.digest);
  });

  it("names the subject that it took note of", async () => {
    const hosts = await withRepositories();
    const subject = { mediaType: ociManifest, digest: another.digest, size: another.manifest.length };
    const referrer = imageOf(["signature"], { subject, artifactType: "application/vnd.example.signature" });

    const response = await pushImage(hosts, side, name, referrer, referrer.digest);

    expect(response.headers.get("oci-subject")).toBe(another.digest);
  });

  it.each([
    ["no JSON", "{", ociManifest],
    ["schema 1", '{"schemaVersion":1,"name":"web","tag":"v1"}', "application/vnd.docker.distribution.manifest.v1+json"],
    ["another content type", another.manifest, "application/vnd.docker.distribution.manifest.v2+json"],
    ["the withdrawn artifact manifest", '{"schemaVersion":2}', "application/vnd.oci.artifact.manifest.v1+json"],
  ])("refuses %s with 405 UNSUPPORTED", async (_, body, type) => {
    const hosts = await withRepositories();

    const refused = await hosts.call(side, "PUT", `/v2/${name}/manifests/v1`, {
      headers: { "content-type": type },
      body,
    });

    expect(await refusal(refused)).toEqual({
      status: 405,
      code: "UNSUPPORTED",
      message: "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
    });
  });

  it("refuses bytes that are not UTF-8, since as text they would be others", async () => {
    const hosts = await withRepositories();
    const headers = { "content-type": ociManifest };

    const refused = await hosts.call(side, "PUT", `/v2/${name}/manifests/v1`, {
      headers,
      body: new Uint8Array([123, 255, 125]),
    });

    expect(await refusal(refused)).toMatchObject({ status: 405, code: "UNSUPPORTED" });
  });

  it("refuses a digest that is not the manifest's", async () => {
    const hosts = await withRepositories();
    for (const { bytes } of image.blobs) await pushBlob(hosts, side, name, bytes);

    expect(await refusal(await putManifest(hosts, side, name, image, another.digest))).toMatchObject({
      status: 400,
      code: "DIGEST_INVALID",
    });
    expect(await refusal(await putManifest(hosts, side, name, image, "sha256:12"))).toMatchObject({
      status: 400,
      code: "DIGEST_INVALID",
    });
    expect(await refusal(await putManifest(hosts, side, name, image, "-v1"))).toMatchObject({
      status: 400,
      code: "TAG_INVALID",
    });
  });

  it("refuses more than 4 MiB", async () => {
    const hosts = await withRepositories();
    const body = JSON.stringify({ text: "x".repeat(4 * 1024 * 1024) });

    const refused = await hosts.call(side, "PUT", `/v2/${name}/manifests/v1`, { body });

    expect(await refusal(refused)).toEqual({
      status: 413,
      code: "SIZE_INVALID",
      message: "A manifest may have at most 4194304 bytes",
    });
  });

  it("deletes a tag, and the image with its last one", async () => {
    const hosts = await withRepositories();
    await pushImage(hosts, side, name, image, "v1");
    await putManifest(hosts, side, name, image, "v2");

    const statuses = [];
    for (const tag of ["v1", "v2", "v2"]) {
      statuses.push((await hosts.call(side, "DELETE", `/v2/${name}/manifests/${tag}`)).status);
    }

    expect(statuses).toEqual([202, 202, 404]);
    expect(hosts.store[side].images("web")).toEqual([]);
  });

  it("deletes an image by digest, unless an index needs it", async () => {
    const hosts = await withRepositories();
    const index = indexOf([image]);
    await pushImage(hosts, side, name, image, "child");
    await putManifest(hosts, side, name, index, "root");
    const remove = (digest: string) => hosts.call(side, "DELETE", `/v2/${name}/manifests/${digest}`);

    expect(await refusal(await remove(image.digest))).toEqual({
      status: 405,
      code: "UNSUPPORTED",
      message: `Requested image referenced by manifest list: [${index.digest}]`,
    });
    expect([(await remove(index.digest)).status, (await remove(image.digest)).status]).toEqual([202, 202]);
    expect(await refusal(await remove(image.digest))).toEqual({
      status: 404,
      code: "MANIFEST_UNKNOWN",
      message: "Requested image not found",
    });
  });
});

describe("an immutable tag", () => {
  const invalid = {
    status: 400,
    code: "TAG_INVALID",
    message:
      "The image tag 'v1' already exists in the 'web' repository and cannot be overwritten because the tag is immutable.",
  };

  it("is not overwritten, not even by the same image", async () => {
    const hosts = await withRepositories({ tags: "immutable", except: [] });
    await pushImage(hosts, "private", "web", image, "v1");

    expect(await refusal(await pushImage(hosts, "private", "web", another, "v1"))).toEqual(invalid);
    expect(await refusal(await putManifest(hosts, "private", "web", image, "v1"))).toEqual(invalid);
    expect((await putManifest(hosts, "private", "web", image, image.digest)).status).toBe(201);
    expect(hosts.trail.at(-2)?.error?.code).toBe("ImageTagAlreadyExistsException");
  });

  it("moves where an exclusion names it", async () => {
    const hosts = await withRepositories({ tags: "immutable", except: ["v*"] });
    await pushImage(hosts, "private", "web", image, "v1");

    expect((await pushImage(hosts, "private", "web", another, "v1")).status).toBe(201);
    expect(blobOf(another.manifest).digest).toBe(hosts.store.private.image("web", "v1")?.digest);
  });
});
