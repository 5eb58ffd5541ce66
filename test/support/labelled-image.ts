/** Images that say of themselves what they run on and what they are. */
import { descriptorOf, type Part, partOf, type TestImage, TYPE } from "./image-parts.ts";

export type Texts = Readonly<Record<string, unknown>>;

let made = 0;

/** An image unlike any other. `config`: its text instead of the usual one. */
export function labelledImage({
  os = "linux",
  architecture = "amd64",
  labels,
  annotations,
  config: text,
}: {
  os?: string;
  architecture?: string;
  labels?: Texts;
  annotations?: Texts;
  config?: string;
} = {}): TestImage {
  made += 1;
  const layer = partOf(`layer ${made}`);
  const config = partOf(text ?? JSON.stringify({ made, os, architecture, config: { Labels: labels } }), TYPE.config);
  const manifest = {
    schemaVersion: 2,
    mediaType: TYPE.image,
    config: descriptorOf(config),
    layers: [descriptorOf(layer)],
    annotations,
  };
  return { ...partOf(JSON.stringify(manifest), TYPE.image), blobs: [config, layer], children: [] };
}

/** An index of images with their platforms (`linux/arm64`); one without is left without. */
export function labelledIndex(
  images: readonly (readonly [image: TestImage, platform?: string])[],
  annotations?: Texts,
): TestImage {
  const manifests = images.map(([image, platform]) => {
    const [os, architecture, variant] = platform?.split("/") ?? [];
    return { ...descriptorOf(image), ...(platform !== undefined && { platform: { os, architecture, variant } }) };
  });
  const text = JSON.stringify({ schemaVersion: 2, mediaType: TYPE.index, manifests, annotations });
  return { ...partOf(text, TYPE.index), blobs: [], children: images.map(([image]) => image) };
}

/** Something about an image, by its OCI 1.1 subject, as cosign 3 attaches a signature. */
export function bundleReferrer(subject: Part, predicateType = "https://sigstore.dev/cosign/sign/v1"): TestImage {
  made += 1;
  const config = partOf("{}", "application/vnd.oci.empty.v1+json");
  const layer = partOf(`bundle ${made}`, "application/vnd.dev.sigstore.bundle.v0.3+json");
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: TYPE.image,
    artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    config: descriptorOf(config),
    layers: [descriptorOf(layer)],
    subject: descriptorOf(subject),
    annotations: { "dev.sigstore.bundle.predicateType": predicateType },
  });
  return { ...partOf(text, TYPE.image), blobs: [config, layer], children: [] };
}
