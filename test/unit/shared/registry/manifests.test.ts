import { describe, expect, it } from "vitest";
import { imageOf, partOf, TYPE } from "../../../support/image-parts.ts";
import { ociError } from "../../../support/scripted-faults.ts";
import { clientOf, startRegistry } from "./set-up.ts";

const image = imageOf([partOf("layer")]);

describe("a manifest that is read", () => {
  it.each(["specified", "ecr", "bare"] as const)("has the digest of its very bytes (headers: %s)", async (manners) => {
    const registry = await startRegistry({ manners });
    registry.hold("team/web", image, "v1");
    const client = clientOf(registry);

    expect(await client.getManifest("team/web", "v1")).toEqual({
      digest: image.digest,
      mediaType: TYPE.image,
      bytes: image.bytes,
    });
    expect(await client.headManifest("team/web", "v1")).toMatchObject({ digest: image.digest });
  });

  it("is asked for in all four types, so that nobody has a reason to convert it", async () => {
    const registry = await startRegistry();

    await clientOf(registry).getManifest("a", "v1");

    expect(registry.requests[0]?.headers.accept).toBe(
      [
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
      ].join(", "),
    );
  });

  it("is found by HEAD alone where the header is there", async () => {
    const registry = await startRegistry();
    registry.hold("a", image, "v1");

    await clientOf(registry).headManifest("a", "v1");

    expect(registry.lines()).toEqual(["HEAD a/manifests/v1"]);
  });

  it("is undefined where there is none", async () => {
    const client = clientOf(await startRegistry());

    expect(await client.getManifest("a", "v1")).toBeUndefined();
    expect(await client.headManifest("a", "v1")).toBeUndefined();
  });

  it("of another digest than was asked for is refused", async () => {
    const registry = await startRegistry();
    registry.repository("a").manifests.set(image.digest, { mediaType: TYPE.image, bytes: Buffer.from("other") });

    await expect(clientOf(registry).getManifest("a", image.digest)).rejects.toMatchObject({
      code: "digest-mismatch",
      permanent: true,
    });
  });

  it("longer than ECR takes is refused, and not read to its end", async () => {
    const registry = await startRegistry();
    registry.repository("a").manifests.set("v1", { mediaType: "x", bytes: Buffer.alloc(5 * 1024 * 1024) });

    await expect(clientOf(registry).getManifest("a", "v1")).rejects.toMatchObject({
      code: "registry-answer-too-long",
      permanent: true,
      message: `${registry.url}/v2/a/manifests/v1 has more than 4194304 bytes`,
    });
  });
});

describe("a manifest that is written", () => {
  it("goes with its own bytes and type", async () => {
    const registry = await startRegistry();
    registry.hold("a", image);

    await clientOf(registry).putManifest("a", "v1", image);

    expect(registry.repository("a").manifests.get("v1")).toEqual({ mediaType: TYPE.image, bytes: image.bytes });
  });

  it("before its layers is transient, for the registry may only be late to see them", async () => {
    const registry = await startRegistry();

    await expect(clientOf(registry).putManifest("a", "v1", image)).rejects.toMatchObject({
      code: "registry-blob-unknown",
      permanent: false,
    });
  });

  it("and taken as something else is refused", async () => {
    const registry = await startRegistry();
    const taken = `sha256:${"b".repeat(64)}`;
    registry.on("PUT", /./, { answer: 201, headers: { "docker-content-digest": taken } });

    await expect(clientOf(registry).putManifest("a", "v1", image)).rejects.toMatchObject({
      code: "digest-mismatch",
      message: `${registry.url}/v2/a/manifests/v1 took the manifest ${image.digest} as ${taken}`,
    });
  });

  it("over a tag that is immutable is refused in the registry's words", async () => {
    const registry = await startRegistry();
    registry.on("PUT", /./, { answer: 400, body: ociError("TAG_INVALID", "cannot be overwritten") });

    await expect(clientOf(registry).putManifest("a", "v1", image)).rejects.toMatchObject({
      code: "registry-refused",
      permanent: true,
      message: expect.stringContaining("status 400 TAG_INVALID: cannot be overwritten"),
    });
  });
});
