/**
 * What a mirror by the SDK would do with one layer, in a process of its own: `layer-part-child SOURCE ENDPOINT REPOSITORY` downloads
 * the largest layer of the tag `bench` and uploads it part by part with UploadLayerPart. Prints the time and CPU of the copy itself.
 */
import { ECRPUBLICClient, UploadLayerPartCommand } from "@aws-sdk/client-ecr-public";
import { createRegistryClient } from "#shared/registry/client.ts";
import { createSend } from "#shared/registry/http.ts";
import { parseManifest } from "#shared/registry/manifest.ts";

/** What InitiateLayerUpload is reported to ask for; its value is not published. */
const PART = 10 * 1024 * 1024;

async function main([baseUrl = "", endpoint = "", repository = ""]: readonly string[]) {
  const source = createRegistryClient({ baseUrl, send: createSend(), authorization: async () => undefined });
  const credentials = { accessKeyId: "bench", secretAccessKey: "bench" };
  const ecr = new ECRPUBLICClient({ endpoint, region: "us-east-1", credentials });
  const remote = await source.getManifest(repository, "bench");
  if (remote === undefined) throw new Error("nothing to copy");
  const manifest = parseManifest(remote.bytes, remote.mediaType);
  const layer = manifest.kind === "index" ? undefined : manifest.blobs.toSorted((a, b) => b.size - a.size)[0];
  if (layer === undefined) throw new Error("no layer");

  const began = performance.now();
  const before = process.cpuUsage();
  const { stream } = await source.openBlob(repository, layer.digest);
  let first = 0;
  const upload = async (part: Buffer): Promise<void> => {
    const range = { partFirstByte: first, partLastByte: first + part.length - 1 };
    const what = { repositoryName: "bench", uploadId: "bench", layerPartBlob: part };
    await ecr.send(new UploadLayerPartCommand({ ...what, ...range }));
    first += part.length;
  };
  const part = Buffer.allocUnsafe(PART);
  let filled = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let taken = 0; taken < chunk.length; ) {
      const bytes = chunk.copy(part, filled, taken);
      taken += bytes;
      filled += bytes;
      if (filled < PART) continue;
      await upload(part);
      filled = 0;
    }
  }
  if (filled > 0) await upload(part.subarray(0, filled));
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(
    JSON.stringify({ outcome: "mirrored", requests: 0, seconds, cpuSeconds: (user + system) / 1e6 }),
  );
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
