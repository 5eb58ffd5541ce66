import { describe, expect, it } from "vitest";
import { lastPull } from "../../../../local/ecr/pull-times.ts";
import { imageOf, ociManifest } from "../ecr/image-content.ts";
import { alias, newRepository, pushImage, refusal, startRegistry } from "./start-registry.ts";

const image = imageOf(["layer"]);

async function withImage() {
  const hosts = await startRegistry();
  await hosts.store.private.createRepository(newRepository("team/web"));
  await hosts.store.public.createRepository(newRepository("web"));
  await pushImage(hosts, "private", "team/web", image, "v1");
  await pushImage(hosts, "public", `${alias}/web`, image, "v1");
  hosts.trail.length = 0;
  return hosts;
}

describe.each([
  ["private", "team/web"],
  ["public", `${alias}/web`],
] as const)("a manifest at the %s host", (side, name) => {
  it.each(["v1", image.digest])("is read by %s, without its digest in a header", async (reference) => {
    const { call } = await withImage();

    const response = await call(side, "GET", `/v2/${name}/manifests/${reference}`);

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(ociManifest);
    expect(response.headers.get("content-length")).toBe(String(image.manifest.length));
    expect(response.headers.get("docker-content-digest")).toBeNull();
    expect(await response.text()).toBe(image.manifest);
  });

  it("is asked for by HEAD, with its digest in a header", async () => {
    const { call } = await withImage();

    const response = await call(side, "HEAD", `/v2/${name}/manifests/v1`);

    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(response.headers.get("docker-content-digest")).toBe(image.digest);
    expect(response.headers.get("content-length")).toBe(String(image.manifest.length));
  });

  it.each([
    ["v2", 404, "MANIFEST_UNKNOWN", "Requested image not found"],
    [`sha256:${"0".repeat(64)}`, 404, "MANIFEST_UNKNOWN", "Requested image not found"],
    [
      "sha256:totallywrong",
      400,
      "DIGEST_INVALID",
      "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
    ],
    ["a+b", 400, "TAG_INVALID", "Invalid request parameters: image tag should satisfy the regex '[a-zA-Z0-9-_.]+'"],
  ])("is refused as %s with %i %s", async (reference, status, code, message) => {
    const { call } = await withImage();

    expect(await refusal(await call(side, "GET", `/v2/${name}/manifests/${reference}`))).toEqual({
      status,
      code,
      message,
    });
    expect((await call(side, "HEAD", `/v2/${name}/manifests/${reference}`)).status).toBe(status);
  });

  it("is not found in a repository that does not exist", async () => {
    const { call } = await withImage();

    const refused = await refusal(await call(side, "GET", `/v2/${name}x/manifests/v1`));

    expect(refused).toEqual({
      status: 404,
      code: "NAME_UNKNOWN",
      message: `The repository with name '${name.replace(`${alias}/`, "")}x' does not exist in the registry with id '123456789012'`,
    });
  });
});

describe("reading a manifest", () => {
  it("is BatchGetImage at the private host, whatever is found, and no call at the public one", async () => {
    const { call, trail } = await withImage();

    await call("private", "GET", "/v2/team/web/manifests/v1", { headers: { accept: `${ociManifest}, */*;q=0.1` } });
    await call("private", "HEAD", "/v2/team/web/manifests/v2");
    await call("public", "GET", `/v2/${alias}/web/manifests/v1`);

    expect(trail.map(({ call: { operation, parameters }, error }) => ({ operation, parameters, error }))).toEqual([
      {
        operation: "BatchGetImage",
        parameters: {
          registryId: "123456789012",
          repositoryName: "team/web",
          imageIds: [{ imageTag: "v1" }],
          acceptedMediaTypes: [ociManifest, "*/*"],
        },
        error: undefined,
      },
      {
        operation: "BatchGetImage",
        parameters: {
          registryId: "123456789012",
          repositoryName: "team/web",
          imageIds: [{ imageTag: "v2" }],
          acceptedMediaTypes: ["*/*"],
        },
        error: undefined,
      },
    ]);
  });

  it("is a pull of the image, and asking by HEAD is not", async () => {
    const { call, store } = await withImage();
    const pulled = () => {
      const record = store.private.image("team/web", "v1");
      return record && lastPull(store.private, "team/web", record);
    };

    await call("private", "HEAD", "/v2/team/web/manifests/v1");
    const asked = pulled();
    await call("private", "GET", "/v2/team/web/manifests/v1");

    expect([asked, pulled()]).toEqual([undefined, new Date("2026-03-01T10:00:00.250Z")]);
  });

  it("knows no public registry but the one of the alias", async () => {
    const { call } = await withImage();

    for (const name of ["other/web", "web", alias]) {
      const refused = await refusal(await call("public", "GET", `/v2/${name}/manifests/v1`));
      expect(refused).toMatchObject({ status: 404, code: "NAME_UNKNOWN" });
    }
  });
});
