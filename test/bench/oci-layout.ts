import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

const MIB = 1024 * 1024;

/** First bytes of a gzip file: skopeo looks no further, and would compress a layer that does not begin so. */
const GZIP = Buffer.from("1f8b08000000000000ff", "hex");

/** Writes an OCI layout of random layers under the tag `bench` into a new folder; gives the folder. */
export async function writeImage(directory: string, layers: number, layerMib: number): Promise<string> {
  const layout = await mkdtemp(join(directory, "image-"));
  const blobs = join(layout, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  const descriptors = [];
  for (let layer = 0; layer < layers; layer++) descriptors.push(await writeLayer(blobs, layerMib));
  const put = async (mediaType: string, value: unknown) => {
    const bytes = Buffer.from(JSON.stringify(value));
    const hex = createHash("sha256").update(bytes).digest("hex");
    await writeFile(join(blobs, hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const config = await put("application/vnd.oci.image.config.v1+json", {
    architecture: "amd64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: descriptors.map(({ digest }) => digest) },
  });
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = await put(mediaType, { schemaVersion: 2, mediaType, config, layers: descriptors });
  const annotations = { "org.opencontainers.image.ref.name": "bench" };
  await writeFile(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  await writeFile(
    join(layout, "index.json"),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }),
  );
  return layout;
}

async function writeLayer(blobs: string, mib: number) {
  const part = join(blobs, "part");
  const file = createWriteStream(part);
  const hash = createHash("sha256");
  for (let written = 0; written < mib; written++) {
    const bytes = randomBytes(MIB);
    if (written === 0) GZIP.copy(bytes);
    hash.update(bytes);
    if (!file.write(bytes)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
  const hex = hash.digest("hex");
  await rename(part, join(blobs, hex));
  return { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: `sha256:${hex}`, size: mib * MIB };
}
