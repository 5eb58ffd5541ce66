import { describe, expect, it } from "vitest";
import { putAccountSettingValue } from "../../../../local/ecr/account-settings.ts";
import { imageOf } from "../ecr/image-content.ts";
import { accountId, alias, newRepository, pushBlob, pushImage, startRegistry } from "./start-registry.ts";

const image = imageOf(["layer"]);
const layer = image.blobs[1]?.digest ?? "";
const arn = (name: string) => `arn:aws:ecr:eu-west-1:${accountId}:repository/${name}`;
const path = (digest: string, from = "base") => `/v2/web/blobs/uploads/?mount=${digest}&from=${from}`;

/** `allowed`: on the source, for the role. */
async function withSource(options: { enabled?: boolean; kms?: boolean; allowed?: boolean } = {}) {
  const { enabled = true, kms = false, allowed = true } = options;
  const hosts = await startRegistry({
    statements: [
      { Effect: "Allow", Action: "ecr:*", Resource: arn("web") },
      { Effect: allowed ? "Allow" : "Deny", Action: "ecr:GetDownloadUrlForLayer", Resource: arn("base") },
    ],
  });
  const encryption = kms ? { encryptionType: "KMS", kmsKey: "a" } : { encryptionType: "AES256" };
  await hosts.store.private.createRepository({ ...newRepository("base"), settings: { encryption } });
  await hosts.store.private.createRepository(newRepository("web"));
  await pushImage(hosts, "private", "base", image, "v1");
  if (enabled) await putAccountSettingValue(hosts.account, "BLOB_MOUNTING", "ENABLED");
  hosts.trail.length = 0;
  const headers = { authorization: hosts.authorization("private", hosts.role) };
  return { ...hosts, mount: (url: string) => hosts.call("private", "POST", url, { headers }) };
}

describe("mounting a blob", () => {
  it("gives it to the repository at once, as MountLayer on the trail", async () => {
    const { mount, store, trail, urls } = await withSource();

    const response = await mount(path(layer));

    expect(response.status).toBe(201);
    expect(response.headers.get("location")).toBe(`${urls.private}/v2/web/blobs/${layer}`);
    expect(store.private.blob("web", layer)).toEqual({ size: 5 });
    expect(trail.map(({ call }) => [call.operation, call.resources, call.readOnly])).toEqual([
      ["GetDownloadUrlForLayer", [arn("base")], true],
      ["MountLayer", [arn("web")], false],
    ]);
  });

  it.each([
    ["it is not enabled", { enabled: false }, path(layer)],
    ["the repositories are encrypted otherwise", { kms: true }, path(layer)],
    ["the caller may not read the source", { allowed: false }, path(layer)],
    ["the source does not exist", {}, path(layer, "none")],
    ["the source does not hold the blob", {}, path(`sha256:${"0".repeat(64)}`)],
    ["no source is told", {}, `/v2/web/blobs/uploads/?mount=${layer}`],
  ])("becomes an upload when %s", async (_, options, url) => {
    const { mount, store, trail } = await withSource(options);

    const response = await mount(url);

    expect(response.status).toBe(202);
    expect(response.headers.get("docker-upload-uuid")).toMatch(/^[0-9a-f-]{36}$/);
    expect(store.private.blob("web", layer)).toBeUndefined();
    expect(trail.at(-1)?.call.operation).toBe("InitiateLayerUpload");
  });

  it("becomes an upload when no image of the source refers to the blob", async () => {
    const hosts = await withSource();
    const loose = await pushBlob(hosts, "private", "base", Buffer.from("loose"));

    expect((await hosts.mount(path(loose))).status).toBe(202);
  });

  it("becomes an upload at the public host", async () => {
    const hosts = await withSource();
    for (const name of ["base", "web"]) await hosts.store.public.createRepository(newRepository(name));
    await pushImage(hosts, "public", `${alias}/base`, image, "v1");

    const url = `/v2/${alias}/web/blobs/uploads/?mount=${layer}&from=${alias}/base`;

    expect((await hosts.call("public", "POST", url)).status).toBe(202);
  });
});
