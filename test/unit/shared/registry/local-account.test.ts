import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { descriptorOf, imageOf, partOf, TYPE } from "../../../support/image-parts.ts";
import { alias, newRepository, startRegistry } from "../../local/registry/start-registry.ts";
import { clientOf } from "./set-up.ts";

const layer = partOf("layer");
const image = imageOf([layer]);
const config = partOf("{}", "application/vnd.oci.empty.v1+json");
const signature = partOf(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: TYPE.image,
    artifactType: "application/vnd.example.signature",
    config: descriptorOf(config),
    // ECR takes no image without a layer.
    layers: [descriptorOf(config)],
    subject: descriptorOf(image),
  }),
  TYPE.image,
);

describe.each([
  ["private", "web"],
  ["public", `${alias}/web`],
] as const)("the %s host of the local account", (side, name) => {
  async function withImage() {
    const hosts = await startRegistry();
    await hosts.store[side].createRepository(newRepository("web"));
    const client = clientOf({ url: hosts.urls[side] }, { authorization: async () => hosts.authorization(side) });
    for (const { digest, bytes } of [...image.blobs, config]) {
      const open = async (start: number) => Readable.from([bytes.subarray(start)]);
      await client.uploadBlob(name, { digest, size: bytes.length }, open, { verify: true });
    }
    await client.putManifest(name, "v1", image);
    return { ...hosts, client };
  }

  it("lists a referrer by its API, so that no tag is written", async () => {
    const { client, store } = await withImage();
    expect(await client.listReferrers(name, image.digest)).toEqual([]);

    await client.putReferrer(name, signature, image.digest);
    await client.putReferrer(name, signature, image.digest);

    expect(await client.listReferrers(name, image.digest)).toEqual([descriptorOf(signature)]);
    expect(store[side].tags("web")).toEqual(["v1"]);
  });

  it("redirects a download to where the client may follow it", async () => {
    const { client } = await withImage();

    const { stream } = await client.openBlob(name, layer.digest, { start: 2 });

    expect(String(await buffer(stream))).toBe("yer");
  });
});
