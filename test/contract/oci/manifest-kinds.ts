/** Manifests that a registry takes, whatever it makes of them. */
import { artifactOf, emptyJson, imageWith, indexWith, manifestOf } from "../../support/contract-images.ts";
import { descriptorOf, imageOf, indexOf, partOf, type TestImage, TYPE } from "../../support/image-parts.ts";

export const image = imageWith("layer");
export const layer = partOf("layer");
export const config = partOf(JSON.stringify({ architecture: "amd64", os: "linux" }), TYPE.config);
export const docker = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  list: "application/vnd.docker.distribution.manifest.list.v2+json",
};
const foreign = {
  mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
  digest: partOf("elsewhere").digest,
  size: 9,
  urls: ["https://example.com/layer"],
};

/** What it is, and one of it. */
export const kinds: readonly (readonly [string, TestImage])[] = [
  ["an image", image],
  ["an image of Docker's type", imageOf([layer], docker.manifest)],
  ["a list of Docker's type", indexOf([imageOf([layer], docker.manifest)], docker.list)],
  ["an index of two images", indexWith([image, imageWith("another")])],
  ["an index of an index", indexWith([indexWith([image])])],
  ["an index of nothing", indexWith([])],
  ["an index with an artifact type", indexWith([image], { artifactType: "application/vnd.example.set" })],
  ["an artifact with an empty config", artifactOf("content", { artifactType: "application/vnd.example.sbom" })],
  [
    "an artifact with a config of its own type",
    artifactOf("content", { config: partOf("{}", "application/vnd.example.config") }),
  ],
  [
    "an artifact with an empty layer alone",
    manifestOf(
      {
        artifactType: "application/vnd.example.note",
        config: descriptorOf(emptyJson),
        layers: [descriptorOf(emptyJson)],
      },
      [emptyJson],
    ),
  ],
  [
    "descriptors with their data and with fields that the specification does not know",
    manifestOf(
      {
        config: { ...descriptorOf(config), data: config.bytes.toString("base64"), newUnspecifiedField: "aGVsbG8=" },
        layers: [descriptorOf(layer)],
        newUnspecifiedField: { nested: [1, 2] },
      },
      [config, layer],
    ),
  ],
  [
    "a layer that may not be distributed, and is elsewhere",
    manifestOf({ config: descriptorOf(config), layers: [foreign, descriptorOf(layer)] }, [config, layer]),
  ],
  [
    "annotations that make it nearly four megabytes long",
    manifestOf(
      {
        config: descriptorOf(config),
        layers: [descriptorOf(layer)],
        annotations: Object.fromEntries(
          Array.from({ length: 390 }, (_, index) => [`org.example.${index}`, "A".repeat(10_000)]),
        ),
      },
      [config, layer],
    ),
  ],
];
