import { describe, expect, it } from "vitest";
import { imageOf } from "../ecr/image-content.ts";
import { alias, newRepository, pushBlob, pushImage, refusal, startRegistry } from "./start-registry.ts";

const image = imageOf(["a layer of some bytes"]);
const layer = image.blobs[1] ?? { digest: "", bytes: Buffer.alloc(0) };

async function withImage() {
  const hosts = await startRegistry();
  await hosts.store.private.createRepository(newRepository("web"));
  await hosts.store.public.createRepository(newRepository("web"));
  await pushImage(hosts, "private", "web", image, "v1");
  await pushImage(hosts, "public", `${alias}/web`, image, "v1");
  hosts.trail.length = 0;
  return hosts;
}

describe.each([
  ["private", "web"],
  ["public", `${alias}/web`],
] as const)("a blob at the %s host", (side, name) => {
  it("is asked for by HEAD", async () => {
    const { call } = await withImage();

    const response = await call(side, "HEAD", `/v2/${name}/blobs/${layer.digest}`);

    expect(response.status).toBe(200);
    expect(response.headers.get("content-length")).toBe("21");
    expect(response.headers.get("docker-content-digest")).toBe(layer.digest);
  });

  it("is read through a redirect to a signed address on the same host", async () => {
    const { call, urls } = await withImage();

    const response = await call(side, "GET", `/v2/${name}/blobs/${layer.digest}`);
    const location = response.headers.get("location") ?? "";
    const followed = await fetch(location);

    expect(response.status).toBe(307);
    expect(location).toMatch(new RegExp(`^${urls[side]}/local-blobs/web/${layer.digest}\\?expires=\\d+&signature=`));
    expect(await followed.text()).toBe("a layer of some bytes");
  });

  it.each([
    ["unknown", `sha256:${"0".repeat(64)}`, 404, "BLOB_UNKNOWN"],
    ["of another algorithm", `sha512:${"0".repeat(128)}`, 404, "BLOB_UNKNOWN"],
    ["no digest", "sha256:xyz", 400, "DIGEST_INVALID"],
  ])("is refused when it is %s", async (_, digest, status, code) => {
    const { call } = await withImage();

    expect((await call(side, "HEAD", `/v2/${name}/blobs/${digest}`)).status).toBe(status);
    expect(await refusal(await call(side, "GET", `/v2/${name}/blobs/${digest}`))).toMatchObject({ status, code });
  });

  it("is deleted when no image refers to it, and not before", async () => {
    const hosts = await withImage();
    const loose = await pushBlob(hosts, side, name, Buffer.from("loose"));
    const remove = (digest: string) => hosts.call(side, "DELETE", `/v2/${name}/blobs/${digest}`);

    expect(await refusal(await remove(layer.digest))).toEqual({
      status: 405,
      code: "UNSUPPORTED",
      message: `The layer with digest ${layer.digest} is in use by an image`,
    });
    expect([(await remove(loose)).status, (await remove(loose)).status]).toEqual([202, 404]);
    expect((await hosts.call(side, "HEAD", `/v2/${name}/blobs/${loose}`)).status).toBe(404);
  });

  it("is read right after its upload", async () => {
    const hosts = await withImage();
    const loose = await pushBlob(hosts, side, name, Buffer.from("loose"));

    const { headers } = await hosts.call(side, "GET", `/v2/${name}/blobs/${loose}`);

    expect(await (await fetch(headers.get("location") ?? "")).text()).toBe("loose");
  });
});

describe("reading a blob", () => {
  it("is the API's call at the private host; at the public one only HEAD is", async () => {
    const { call, trail } = await withImage();

    await call("private", "HEAD", `/v2/web/blobs/${layer.digest}`);
    await call("private", "GET", `/v2/web/blobs/${layer.digest}`);
    await call("public", "HEAD", `/v2/${alias}/web/blobs/${layer.digest}`);
    await call("public", "GET", `/v2/${alias}/web/blobs/${layer.digest}`);

    const about = { registryId: "123456789012", repositoryName: "web" };
    expect(trail.map(({ call: { service, operation, parameters } }) => [service, operation, parameters])).toEqual([
      ["ecr", "BatchCheckLayerAvailability", { ...about, layerDigests: [layer.digest] }],
      ["ecr", "GetDownloadUrlForLayer", { ...about, layerDigest: layer.digest }],
      ["ecr-public", "BatchCheckLayerAvailability", { ...about, layerDigests: [layer.digest] }],
    ]);
  });
});
