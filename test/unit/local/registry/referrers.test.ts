import { describe, expect, it } from "vitest";
import { imageOf } from "../ecr/image-content.ts";
import { alias, newRepository, pushImage, refusal, startRegistry } from "./start-registry.ts";

const image = imageOf(["layer"]);

async function withImage() {
  const hosts = await startRegistry();
  await hosts.store.private.createRepository(newRepository("web"));
  await hosts.store.public.createRepository(newRepository("web"));
  for (const [side, name] of [
    ["private", "web"],
    ["public", `${alias}/web`],
  ] as const) {
    await pushImage(hosts, side, name, image, image.digest);
  }
  return hosts;
}

describe.each([
  ["private", "web"],
  ["public", `${alias}/web`],
] as const)("referrers at the %s host", (side, name) => {
  const subject = { mediaType: image.mediaType, digest: image.digest, size: image.manifest.length };
  const sbom = imageOf(["sbom"], { subject, artifactType: "application/vnd.example.sbom", annotations: { by: "us" } });
  const signature = imageOf(["signature"], { subject, artifactType: "application/vnd.example.signature" });
  const described = (referrer: typeof sbom, artifactType: string) => ({
    mediaType: referrer.mediaType,
    digest: referrer.digest,
    size: referrer.manifest.length,
    artifactType,
  });

  it("are an index of what names the image as its subject, by digest", async () => {
    const hosts = await withImage();
    for (const each of [sbom, signature]) await pushImage(hosts, side, name, each, each.digest);

    const response = await hosts.call(side, "GET", `/v2/${name}/referrers/${image.digest}`);

    expect(response.headers.get("content-type")).toBe("application/vnd.oci.image.index.v1+json");
    expect(response.headers.get("oci-filters-applied")).toBeNull();
    const both = [
      { ...described(sbom, "application/vnd.example.sbom"), annotations: { by: "us" } },
      described(signature, "application/vnd.example.signature"),
    ].sort((a, b) => (a.digest < b.digest ? -1 : 1));
    expect(await response.json()).toEqual({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: both,
    });
  });

  it("are filtered by artifact type, and say so", async () => {
    const hosts = await withImage();
    for (const each of [sbom, signature]) await pushImage(hosts, side, name, each, each.digest);

    const query = "artifactType=application%2Fvnd.example.signature";
    const response = await hosts.call(side, "GET", `/v2/${name}/referrers/${image.digest}?${query}`);

    expect(response.headers.get("oci-filters-applied")).toBe("artifactType");
    const { manifests } = (await response.json()) as { manifests: unknown[] };
    expect(manifests).toEqual([described(signature, "application/vnd.example.signature")]);
  });

  it("are none for a digest that is not there, and refused for what is no digest", async () => {
    const { call } = await withImage();

    const none = await call(side, "GET", `/v2/${name}/referrers/sha256:${"0".repeat(64)}`);

    expect([none.status, ((await none.json()) as { manifests: unknown }).manifests]).toEqual([200, []]);
    expect(await refusal(await call(side, "GET", `/v2/${name}/referrers/v1`))).toMatchObject({
      status: 400,
      code: "DIGEST_INVALID",
    });
    expect(await refusal(await call(side, "GET", `/v2/${name}x/referrers/${image.digest}`))).toMatchObject({
      status: 404,
      code: "NAME_UNKNOWN",
    });
  });
});
