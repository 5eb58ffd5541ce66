import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { MirrorDeps } from "#shared/mirror/mirror-image.ts";
import { createRegistryClient } from "#shared/registry/client.ts";
import { createSend } from "#shared/registry/http.ts";
import { contentOf, imageOf, indexOf, partOf, type TestImage } from "../../../support/image-parts.ts";
import { plainDestination, plainSource } from "../../../support/plain-registries.ts";
import { alias, newRepository, startRegistry } from "../../local/registry/start-registry.ts";
import { mirrored, ruleOf, SOURCE } from "./set-up.ts";

/** Both hosts of the local account, with its own manners, and a mirror between them. */
async function setUp() {
  const hosts = await startRegistry();
  const { store, urls, authorization } = hosts;
  await store.private.createRepository(newRepository(SOURCE));
  const send = createSend();
  const clientOf = (side: "private" | "public") =>
    createRegistryClient({ baseUrl: urls[side], send, authorization: async () => authorization(side) });
  const source = clientOf("private");
  const deps: MirrorDeps = {
    region: "eu-west-1",
    policy: { mirror: [ruleOf()] },
    source: plainSource(source),
    async destination(name, { create }) {
      if (create !== false) await store.public.createRepository(newRepository(name));
      if (store.public.repository(name) === undefined) return undefined;
      return plainDestination(clientOf("public"), `${alias}/${name}`);
    },
    remainingMs: () => 600_000,
    now: () => new Date(),
  };
  return { ...hosts, source, mirror: (tag: string) => mirrored(deps, { tag }) };
}

type Hosts = Awaited<ReturnType<typeof setUp>>;

/** Pushes with the client that is tested: its uploads and manifests must be to the local account's liking. */
async function push({ source }: Hosts, image: TestImage, tag: string): Promise<void> {
  const { blobs, manifests } = contentOf(image);
  for (const { digest, bytes } of blobs) {
    await source.uploadBlob(SOURCE, { digest, size: bytes.length }, async (start) =>
      Readable.from([bytes.subarray(start)]),
    );
  }
  for (const manifest of manifests) await source.putManifest(SOURCE, manifest.digest, manifest);
  await source.putManifest(SOURCE, tag, image);
}

const layers = [partOf("shared"), partOf(Buffer.alloc(300_000, 5)), partOf("")];
const index = indexOf([indexOf([imageOf(layers), imageOf(layers.slice(0, 2))]), imageOf([partOf("other")])]);

describe("from the private registry of the local account to its public one", () => {
  it("an index of indexes comes whole, bit for bit, zero-byte layer included", async () => {
    const hosts = await setUp();
    await push(hosts, index, "v1");

    const outcomes = await hosts.mirror("v1");

    const { blobs, manifests } = contentOf(index);
    expect(outcomes).toMatchObject([{ outcome: "mirrored", digest: index.digest, manifests: 5, blobs: blobs.length }]);
    for (const { digest, bytes } of blobs)
      expect(await buffer(hosts.store.public.readBlob("web", digest))).toEqual(bytes);
    for (const { digest, bytes } of manifests) expect(hosts.store.public.manifest("web", digest)?.bytes).toEqual(bytes);
    expect(hosts.store.public.tags("web")).toEqual(["v1"]);
    expect(hosts.defects).toEqual([]);
  });

  it("the same image once more is unchanged, and changes nothing", async () => {
    const hosts = await setUp();
    await push(hosts, index, "v1");
    await hosts.mirror("v1");
    const changes: unknown[] = [];
    hosts.store.public.onChange((change) => void changes.push(change));

    expect(await hosts.mirror("v1")).toMatchObject([{ outcome: "unchanged", digest: index.digest }]);
    expect(changes).toEqual([]);
  });

  it("a second tag of the same image sends no layer", async () => {
    const hosts = await setUp();
    await push(hosts, index, "v1");
    await hosts.mirror("v1");
    await hosts.source.putManifest(SOURCE, "v2", index);

    expect(await hosts.mirror("v2")).toMatchObject([{ outcome: "mirrored", tags: ["v2"], manifests: 0, bytes: 0 }]);
    expect(hosts.store.public.tags("web")).toEqual(["v1", "v2"]);
  });
});
