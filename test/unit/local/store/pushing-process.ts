/** Pushes image after image into the store in a folder and prints tag and digest of each one once it is committed; ends when it is killed. */
import { openDiskStore } from "../../../../local/store/disk.ts";
import { digestOf, imageOf } from "../ecr/image-content.ts";

const [folder = "", first = "0"] = process.argv.slice(2);
const { private: registry } = await openDiskStore(folder);
if (registry.repository("web") === undefined) {
  const tagRule = { tags: "immutable", except: [] } as const;
  await registry.createRepository({ name: "web", createdAt: new Date(), tagRule, settings: {} });
}

// Bounded, in case nobody kills it.
for (let number = Number(first); number < Number(first) + 1000; number += 1) {
  const image = imageOf([`layer ${number} `.repeat(20_000), `another ${number}`]);
  for (const { bytes } of image.blobs) {
    const upload = await registry.startUpload("web");
    await registry.appendUpload("web", upload, bytes);
    await registry.finishUpload("web", upload, digestOf(bytes));
  }
  const tag = `${process.pid}-${number}`;
  const bytes = Buffer.from(image.manifest);
  await registry.putManifest({ repository: "web", bytes, mediaType: image.mediaType, tag, digest: undefined });
  process.stdout.write(`${tag} ${image.digest}\n`);
}
