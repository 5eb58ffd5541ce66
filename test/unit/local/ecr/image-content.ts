/** Images for tests: bytes, digests and manifests, built on the spot. */
import { createHash } from "node:crypto";

export interface Blob {
  readonly bytes: Buffer;
  readonly digest: string;
}

export interface TestImage {
  readonly manifest: string;
  readonly digest: string;
  readonly mediaType: string;
  readonly blobs: readonly Blob[];
}

export const ociManifest = "application/vnd.oci.image.manifest.v1+json";
export const ociIndex = "application/vnd.oci.image.index.v1+json";
const ociConfig = "application/vnd.oci.image.config.v1+json";
const ociLayer = "application/vnd.oci.image.layer.v1.tar+gzip";

export function blobOf(content: string | Buffer): Blob {
  const bytes = Buffer.from(content);
  return { bytes, digest: digestOf(bytes) };
}

export function digestOf(content: string | Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** An OCI image whose config and layers are as long as their texts; `more` goes into the manifest. */
export function imageOf(layers: readonly string[], more: Record<string, unknown> = {}): TestImage {
  const config = blobOf(JSON.stringify({ of: layers }));
  const blobs = layers.map(blobOf);
  const manifest = {
    schemaVersion: 2,
    mediaType: ociManifest,
    config: descriptor(ociConfig, config),
    layers: blobs.map((blob) => descriptor(ociLayer, blob)),
    ...more,
  };
  return { ...told(manifest, ociManifest), blobs: [config, ...blobs] };
}

export function indexOf(images: readonly TestImage[]): TestImage {
  const manifests = images.map(({ mediaType, digest, manifest }) => ({ mediaType, digest, size: manifest.length }));
  return { ...told({ schemaVersion: 2, mediaType: ociIndex, manifests }, ociIndex), blobs: [] };
}

/** Bytes of config and layers. */
export function sizeOf(image: TestImage): number {
  return image.blobs.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function told(value: unknown, mediaType: string) {
  const manifest = JSON.stringify(value);
  return { manifest, digest: digestOf(manifest), mediaType };
}

function descriptor(mediaType: string, { bytes, digest }: Blob) {
  return { mediaType, digest, size: bytes.length };
}
