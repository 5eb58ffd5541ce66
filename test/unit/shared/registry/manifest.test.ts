import { describe, expect, it } from "vitest";
import { isNondistributable, LARGEST_MANIFEST, parseManifest } from "#shared/registry/manifest.ts";

const digest = `sha256:${"a".repeat(64)}`;
const descriptor = { mediaType: "application/octet-stream", digest, size: 3 };
const OCI = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

function parse(value: unknown, contentType?: string) {
  return parseManifest(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)), contentType);
}

describe("a manifest", () => {
  it.each([OCI, DOCKER])("of an image (%s) tells config and layers as blobs", (mediaType) => {
    const manifest = parse({ schemaVersion: 2, mediaType, config: descriptor, layers: [descriptor] });

    expect(manifest).toEqual({ kind: "image", mediaType, blobs: [descriptor, descriptor], subject: undefined });
  });

  it.each([OCI_INDEX, DOCKER_LIST])("of several images (%s) tells them as children", (mediaType) => {
    const manifest = parse({ schemaVersion: 2, mediaType, manifests: [descriptor] });

    expect(manifest).toEqual({ kind: "index", mediaType, children: [descriptor], subject: undefined });
  });

  it("tells its subject", () => {
    const text = { schemaVersion: 2, mediaType: OCI, config: descriptor, layers: [], subject: descriptor };

    expect(parse(text)).toMatchObject({ subject: descriptor });
  });

  it("without a media type of its own has that of the response", () => {
    expect(parse({ schemaVersion: 2, config: descriptor, layers: [] }, OCI)).toMatchObject({ mediaType: OCI });
  });

  it("keeps its own media type against that of the response", () => {
    const text = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] };

    expect(parse(text, OCI)).toMatchObject({ kind: "index", mediaType: OCI_INDEX });
  });

  it.each([
    ["not json", "the manifest is not JSON"],
    ["[]", "the manifest is not a JSON object"],
    ["null", "the manifest is not a JSON object"],
    [{ schemaVersion: 1 }, "schemaVersion 1; only 2 can be copied (Docker schema 1 is obsolete)"],
    [{ schemaVersion: 2 }, "the media type undefined"],
    [{ schemaVersion: 2, mediaType: "text/plain" }, 'the media type "text/plain"'],
    [{ schemaVersion: 2, mediaType: 7 }, "the media type 7, which is no text"],
    [
      { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [], layers: [] },
      "has 'manifests' beside 'config' or 'layers'",
    ],
    [
      { schemaVersion: 2, mediaType: OCI, config: descriptor, layers: [], manifests: [] },
      "has 'manifests' beside 'config' or 'layers'",
    ],
    [{ schemaVersion: 2, mediaType: OCI, layers: [] }, "no mediaType in 'config'"],
    [{ schemaVersion: 2, mediaType: OCI, config: descriptor }, "no list 'layers'"],
    [{ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [null] }, "no mediaType in 'manifests[0]'"],
    [
      { schemaVersion: 2, mediaType: OCI, config: { ...descriptor, digest: "sha256:x" }, layers: [] },
      "\"sha256:x\" as the digest of 'config'",
    ],
    [
      { schemaVersion: 2, mediaType: OCI, config: descriptor, layers: [descriptor, { ...descriptor, size: 1.5 }] },
      "1.5 as the size of 'layers[1]'",
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

  it("may have 4 MiB and not a byte more", () => {
    const text = JSON.stringify({ schemaVersion: 2, mediaType: OCI, config: descriptor, layers: [] });

    expect(parse(text.padEnd(LARGEST_MANIFEST))).toMatchObject({ kind: "image" });
    expect(() => parse(text.padEnd(LARGEST_MANIFEST + 1))).toThrow("has 4194305 bytes, and ECR takes 4194304");
  });
});

describe("a layer", () => {
  it.each([
    ["application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", true],
    ["application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", true],
    ["application/vnd.oci.image.layer.v1.tar+gzip", false],
    ["application/vnd.docker.image.rootfs.diff.tar.gzip", false],
  ])("of type %s may be kept elsewhere: %s", (mediaType, expected) => {
    expect(isNondistributable({ ...descriptor, mediaType })).toBe(expected);
  });
});
