/** Parts of images for tests, with the text that a registry would hold. Shares no code with what is tested. */
import { createHash } from "node:crypto";

export const TYPE = {
  index: "application/vnd.oci.image.index.v1+json",
  image: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
} as const;

/** A blob or a manifest. */
export interface Part {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Buffer;
}

/** An image or index with everything under it. */
export interface TestImage extends Part {
  readonly blobs: readonly Part[];
  readonly children: readonly TestImage[];
}

export function sha256(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function partOf(content: string | Buffer, mediaType: string = TYPE.layer): Part {
  const bytes = Buffer.from(content);
  return { mediaType, digest: sha256(bytes), bytes };
}

export function descriptorOf({ mediaType, digest, bytes }: Part) {
  return { mediaType, digest, size: bytes.length };
}

/** An OCI image; its config, named after its layers, tells it apart from others. */
export function imageOf(layers: readonly Part[], mediaType: string = TYPE.image): TestImage {
  const config = partOf(JSON.stringify({ layers: layers.map(({ digest }) => digest) }), TYPE.config);
  const text = { schemaVersion: 2, mediaType, config: descriptorOf(config), layers: layers.map(descriptorOf) };
  return { ...partOf(JSON.stringify(text, undefined, 1), mediaType), blobs: [config, ...layers], children: [] };
}

export function indexOf(children: readonly TestImage[], mediaType: string = TYPE.index): TestImage {
  const text = { schemaVersion: 2, mediaType, manifests: children.map(descriptorOf) };
  return { ...partOf(JSON.stringify(text), mediaType), blobs: [], children };
}

/** Everything under an image, each part once: manifests with children first, and blobs. */
export function contentOf(image: TestImage): {
  readonly manifests: readonly TestImage[];
  readonly blobs: readonly Part[];
} {
  const manifests = new Map<string, TestImage>();
  const blobs = new Map<string, Part>();
  const visit = (part: TestImage): void => {
    for (const child of part.children) visit(child);
    for (const blob of part.blobs) blobs.set(blob.digest, blob);
    manifests.set(part.digest, part);
  };
  visit(image);
  return { manifests: [...manifests.values()], blobs: [...blobs.values()] };
}
