import { describe, expect, it } from "vitest";
import { locate } from "#shared/registry/endpoint.ts";
import { parseManifest } from "#shared/registry/manifest.ts";

const digest = `sha256:${"a".repeat(64)}`;
const descriptor = { mediaType: "application/octet-stream", digest, size: 3 };
const OCI = "application/vnd.oci.image.manifest.v1+json";

function parse(value: unknown, contentType?: string) {
  return parseManifest(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)), contentType);
}

describe("a manifest", () => {
  it("of an image tells config and layers as blobs", () => {
    const manifest = parse({ schemaVersion: 2, mediaType: OCI, config: descriptor, layers: [descriptor] });

    expect(manifest).toEqual({ kind: "image", mediaType: OCI, blobs: [descriptor, descriptor], subject: undefined });
  });

  it("of Docker is read too", () => {
    const mediaType = "application/vnd.docker.distribution.manifest.list.v2+json";

    expect(parse({ schemaVersion: 2, mediaType, manifests: [descriptor] })).toMatchObject({
      kind: "index",
      children: [descriptor],
    });
  });

  it("without a media type of its own has that of the response", () => {
    expect(parse({ schemaVersion: 2, config: descriptor, layers: [] }, OCI)).toMatchObject({
      kind: "image",
      mediaType: OCI,
    });
  });

  it.each([
    ["not json", "the manifest is not JSON"],
    ["[]", "the manifest is not a JSON object"],
    [{ schemaVersion: 1 }, "schemaVersion 1; only 2"],
    [{ schemaVersion: 2, mediaType: "text/plain" }, 'the media type "text/plain"'],
    [{ schemaVersion: 2, mediaType: OCI, layers: [] }, "no mediaType in 'config'"],
    [{ schemaVersion: 2, mediaType: OCI, config: descriptor }, "no list 'layers'"],
    [
      { schemaVersion: 2, mediaType: OCI, config: { ...descriptor, digest: "sha256:x" }, layers: [] },
      "\"sha256:x\" as the digest of 'config'",
    ],
    [
      { schemaVersion: 2, mediaType: OCI, config: { ...descriptor, size: -1 }, layers: [] },
      "-1 as the size of 'config'",
    ],
  ])("%j is refused with its rule", (value, message) => {
    expect(() => parse(value)).toThrow(
      expect.objectContaining({ code: "manifest-invalid", permanent: true, message: expect.stringContaining(message) }),
    );
  });
});

describe("a repository URI", () => {
  it("is reached by HTTPS", () => {
    expect(locate("public.ecr.aws/alias/team/web")).toEqual({
      baseUrl: "https://public.ecr.aws",
      repository: "alias/team/web",
    });
  });

  it.each(["127.0.0.1:5000", "localhost:5000", "[::1]:5000"])("on this machine, %s, is reached by HTTP", (host) => {
    expect(locate(`${host}/web`).baseUrl).toBe(`http://${host}`);
  });

  it.each(["127.0.0.1.example.com", "localhost.example.com"])(
    "that only looks local, %s, is reached by HTTPS",
    (host) => {
      expect(locate(`${host}/web`).baseUrl).toBe(`https://${host}`);
    },
  );

  it("without a name is refused", () => {
    expect(() => locate("public.ecr.aws")).toThrow("a repository URI is host/name, not 'public.ecr.aws'");
  });
});
