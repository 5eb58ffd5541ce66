import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IndexImage } from "../../local/tour/image.ts";

/** Writes an image as an OCI layout, as other tools read it. https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md */
export async function writeOciLayout(directory: string, image: IndexImage, tag: string): Promise<void> {
  const blobs = join(directory, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  for (const { digest, bytes } of [image.root, ...image.children, ...image.blobs]) {
    await writeFile(join(blobs, digest.replace("sha256:", "")), bytes);
  }
  await writeFile(join(directory, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  const { mediaType, digest, bytes } = image.root;
  const annotations = { "org.opencontainers.image.ref.name": tag };
  const manifests = [{ mediaType, digest, size: bytes.length, annotations }];
  await writeFile(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
}
