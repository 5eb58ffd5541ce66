import { describe, expect, it } from "vitest";
import { parseManifest } from "../../../../local/store/manifest.ts";
import { StoreError } from "../../../../local/store/store.ts";
import { digestOf, imageOf, indexOf } from "../ecr/image-content.ts";

const oci = "application/vnd.oci.image.manifest.v1+json";
const docker = "application/vnd.docker.distribution.manifest.v2+json";
const list = "application/vnd.docker.distribution.manifest.list.v2+json";
const index = "application/vnd.oci.image.index.v1+json";
const descriptor = (text: string, mediaType = "application/octet-stream") => ({
  mediaType,
  digest: digestOf(text),
  size: text.length,
});
const image = { schemaVersion: 2, mediaType: oci, config: descriptor("config"), layers: [descriptor("layer")] };

const parse = (value: unknown, mediaType?: string) =>
  parseManifest(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)), mediaType);

function refusalOf(value: unknown, mediaType?: string): string {
  try {
    parse(value, mediaType);
  } catch (error) {
    if (error instanceof StoreError && error.code === "manifest-invalid") return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("parseManifest", () => {
  it("reads an OCI image manifest", () => {
    const annotations = { "org.opencontainers.image.title": "web" };
    const subject = descriptor("subject", oci);

    const read = parse({ ...image, annotations, subject, artifactType: "application/vnd.example+json" });

    expect(read).toEqual({
      mediaType: oci,
      blobs: [digestOf("config"), digestOf("layer")],
      children: [],
      artifactType: "application/vnd.example+json",
      subject: subject.digest,
      annotations,
      contentSize: "config".length + "layer".length,
    });
  });

  it("reads a Docker schema 2 manifest, and its config's type as what it is", () => {
    const config = descriptor("config", "application/vnd.docker.container.image.v1+json");

    const read = parse({ ...image, mediaType: docker, config }, docker);

    expect(read).toMatchObject({ mediaType: docker, artifactType: config.mediaType });
  });

  it.each([index, list])("reads %s", (mediaType) => {
    const children = [descriptor("a", oci), descriptor("b", oci), descriptor("a", oci)];

    const read = parse({ schemaVersion: 2, mediaType, manifests: children, artifactType: "a/b" });

    expect(read).toMatchObject({ mediaType, blobs: [], contentSize: 0, artifactType: "a/b" });
    expect(read.children).toEqual([digestOf("a"), digestOf("b")]);
  });

  it("reads an artifact with the empty config", () => {
    const config = descriptor("{}", "application/vnd.oci.empty.v1+json");

    const read = parse({ ...image, config, layers: [config], artifactType: "application/vnd.example.sbom" });

    expect(read).toMatchObject({ blobs: [config.digest], artifactType: "application/vnd.example.sbom" });
  });

  it("takes the media type of the request for a manifest that tells none", () => {
    const { mediaType: _, ...untold } = image;

    expect(parse(untold, oci).mediaType).toBe(oci);
    expect(refusalOf(untold)).toBe("neither the manifest nor the request tells a media type");
  });

  it("does not ask for layers whose bytes lie elsewhere", () => {
    const foreign = descriptor("windows", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");

    const read = parse({ ...image, layers: [foreign, descriptor("layer")] });

    expect(read.blobs).toEqual([digestOf("config"), digestOf("layer")]);
    expect(read.contentSize).toBe("config".length + "windows".length + "layer".length);
  });

  it("agrees with what the other tests build", () => {
    const built = imageOf(["a", "b"]);

    expect(parse(built.manifest).blobs).toEqual(built.blobs.map(({ digest }) => digest));
    expect(parse(indexOf([built]).manifest).children).toEqual([built.digest]);
  });

  it.each([
    ["not JSON", "{", /^a manifest is JSON in UTF-8: /],
    ["a list", [], /^a manifest is a JSON object$/],
    ["null", null, /^a manifest is a JSON object$/],
    ["schema 1", { schemaVersion: 1, fsLayers: [] }, /^manifests of schema version 1 are not taken$/],
    ["no schema version", { ...image, schemaVersion: "2" }, /^schemaVersion must be 2$/],
    ["no config", { ...image, config: undefined }, /^config must be a descriptor$/],
    ["no layers", { ...image, layers: undefined }, /^layers must be a list$/],
    [
      "a short digest",
      { ...image, layers: [{ ...descriptor("x"), digest: "sha256:12" }] },
      /^layers\[0\]\.digest must be/,
    ],
    [
      "a negative size",
      { ...image, config: { ...descriptor("x"), size: -1 } },
      /^config\.size must be a number of bytes$/,
    ],
    ["a size in text", { ...image, config: { ...descriptor("x"), size: "1" } }, /^config\.size must be/],
    [
      "a media type with parameters",
      { ...image, layers: [descriptor("x", "a/b; c=d")] },
      /without parameters, not "a\/b; c=d"$/,
    ],
    ["an artifact type with parameters", { ...image, artifactType: "a/b;v=1" }, /^artifactType must be a media type/],
    ["an annotation that is no text", { ...image, annotations: { a: 1 } }, /^annotation 'a' must be a text$/],
    ["a subject that is no descriptor", { ...image, subject: "x" }, /^subject must be a descriptor$/],
    ["an image with manifests", { ...image, manifests: [] }, /^an image manifest has no manifests$/],
    [
      "an index with layers",
      { schemaVersion: 2, mediaType: index, manifests: [], layers: [] },
      /^an index has no config or layers$/,
    ],
    ["an index without manifests", { schemaVersion: 2, mediaType: index }, /^manifests must be a list$/],
    [
      "the withdrawn artifact manifest",
      { ...image, mediaType: "application/vnd.oci.artifact.manifest.v1+json" },
      /^'application\/vnd\.oci\.artifact\.manifest\.v1\+json' is not a manifest that is taken$/,
    ],
  ])("refuses %s in one line that names the rule", (_, value, message) => {
    const told = refusalOf(value, undefined);

    expect(told).toMatch(message);
    expect(told).not.toContain("\n");
  });

  it("refuses a content type that contradicts the manifest", () => {
    expect(refusalOf(image, docker)).toBe(`mediaType '${oci}' contradicts the content type '${docker}'`);
  });

  it("refuses bytes that are not UTF-8, and a byte order mark", () => {
    const broken = Buffer.from(JSON.stringify({ ...image, annotations: { a: "\u0001" } }).replace("\\u0001", "X"));
    broken[broken.indexOf("X")] = 0xff;

    expect(() => parseManifest(broken, oci)).toThrow(/UTF-8/);
    expect(refusalOf(`\ufeff${JSON.stringify(image)}`, oci)).toMatch(/^a manifest is JSON in UTF-8: /);
  });

  it("takes an annotation of any name as an annotation", () => {
    const text = JSON.stringify({ ...image, annotations: { a: "1" } }).replace('"a":"1"', '"__proto__":"1"');

    expect(Object.entries(parse(text).annotations)).toEqual([["__proto__", "1"]]);
  });
});
