import { createHash, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";

/** One blob or manifest with its bytes. */
export interface Content {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Buffer;
}

/** An OCI image index with everything it needs, in memory: small enough for a tour. */
export interface IndexImage {
  readonly root: Content;
  readonly children: readonly Content[];
  readonly blobs: readonly Content[];
}

const MEDIA = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
} as const;

/**
 * Builds an OCI image index on the spot: one image for each platform (`linux/amd64`), each with `layersPerPlatform` layers of about
 * `layerBytes` incompressible bytes in a real tar file, of which the first is the same for all platforms.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md
 */
export function buildImage(options: {
  platforms: readonly string[];
  layersPerPlatform: number;
  layerBytes: number;
}): IndexImage {
  const shared = layer("shared", options.layerBytes);
  const blobs = new Map<string, Content>();
  const children: Content[] = [];
  const entries = options.platforms.map((platform) => {
    const [os, architecture] = platform.split("/");
    const layers = [shared];
    while (layers.length < options.layersPerPlatform)
      layers.push(layer(`${platform}/${layers.length}`, options.layerBytes));
    const config = json(MEDIA.config, {
      created: new Date().toISOString(),
      architecture,
      os,
      config: { Labels: { "org.opencontainers.image.title": "ecr-autopilot tour" } },
      rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
    });
    for (const { content } of layers) blobs.set(content.digest, content);
    blobs.set(config.digest, config);
    const manifest = json(MEDIA.manifest, {
      schemaVersion: 2,
      mediaType: MEDIA.manifest,
      config: descriptor(config),
      layers: layers.map(({ content }) => descriptor(content)),
    });
    children.push(manifest);
    return { ...descriptor(manifest), platform: { os, architecture } };
  });
  const root = json(MEDIA.index, { schemaVersion: 2, mediaType: MEDIA.index, manifests: entries });
  return { root, children, blobs: [...blobs.values()] };
}

function layer(name: string, bytes: number): { content: Content; diffId: string } {
  const archive = tar(name, randomBytes(bytes));
  return { content: content(MEDIA.layer, gzipSync(archive, { level: 1 })), diffId: sha256(archive) };
}

/** A tar archive of one file: the header block, the file padded to whole blocks, two empty blocks (POSIX ustar). */
function tar(name: string, file: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${file.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write(`${"0".repeat(11)}\0`, 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, file, Buffer.alloc((512 - (file.length % 512)) % 512), Buffer.alloc(1024)]);
}

function json(mediaType: string, value: unknown): Content {
  return content(mediaType, Buffer.from(JSON.stringify(value)));
}

function content(mediaType: string, bytes: Buffer): Content {
  return { mediaType, digest: sha256(bytes), bytes };
}

function descriptor({ mediaType, digest, bytes }: Content) {
  return { mediaType, digest, size: bytes.length };
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
