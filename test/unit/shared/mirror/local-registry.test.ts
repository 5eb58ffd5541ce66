import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { type MirrorDeps, mirrorImage } from "#shared/mirror/mirror-image.ts";
import { createRegistryClient } from "#shared/registry/client.ts";
import { locate } from "#shared/registry/endpoint.ts";
import { createSend } from "#shared/registry/http.ts";
import { contentOf, imageOf, indexOf, partOf, type TestImage } from "../../../support/image-parts.ts";
import { alias, newRepository, startRegistry } from "../../local/registry/start-registry.ts";

/** Both hosts of the local account, with its own manners, and a mirror between them. */
async function setUp() {
  const hosts = await startRegistry();
  const { store, urls, authorization } = hosts;
  await store.private.createRepository(newRepository("team/web"));
  const send = createSend();
  const source = createRegistryClient({
    baseUrl: urls.private,
    send,
    authorization: async () => authorization("private"),
  });
  const deps: MirrorDeps = {
    source,
    remainingMs: () => 600_000,
    async destination(name, { create }) {
      if (create) await store.public.createRepository(newRepository(name));
      if (store.public.repository(name) === undefined) return undefined;
      const { baseUrl, repository } = locate(`${new URL(urls.public).host}/${alias}/${name}`);
      return {
        client: createRegistryClient({ baseUrl, send, authorization: async () => authorization("public") }),
        repository,
        layersPresent: async (digests) => new Set(digests.filter((digest) => store.public.blob(name, digest))),
      };
    },
  };
  return { ...hosts, source, deps };
}

type Hosts = Awaited<ReturnType<typeof setUp>>;

/** Pushes with the client that is tested: its uploads and manifests must be to the local account's liking. */
async function push({ source }: Hosts, image: TestImage, tag: string): Promise<void> {
  const { blobs, manifests } = contentOf(image);
  for (const { digest, bytes } of blobs) {
    await source.uploadBlob("team/web", { digest, size: bytes.length }, async (start) =>
      Readable.from([bytes.subarray(start)]),
    );
  }
  for (const manifest of manifests) await source.putManifest("team/web", manifest.digest, manifest);
  await source.putManifest("team/web", tag, image);
}

const request = { repository: "team/web", tag: "v1", destination: "web" };
const layers = [partOf("shared"), partOf(Buffer.alloc(300_000, 5)), partOf("")];
const index = indexOf([indexOf([imageOf(layers), imageOf(layers.slice(0, 2))]), imageOf([partOf("other")])]);

describe("from the private registry of the local account to its public one", () => {
  it("an index of indexes comes whole, bit for bit, zero-byte layer included", async () => {
    const hosts = await setUp();
    await push(hosts, index, "v1");

    const outcome = await mirrorImage(hosts.deps, request);

    const { blobs, manifests } = contentOf(index);
    expect(outcome).toMatchObject({ outcome: "mirrored", digest: index.digest, manifests: 5, blobs: blobs.length });
    for (const { digest, bytes } of blobs)
      expect(await buffer(hosts.store.public.readBlob("web", digest))).toEqual(bytes);
    for (const { digest, bytes } of manifests) expect(hosts.store.public.manifest("web", digest)?.bytes).toEqual(bytes);
    expect(hosts.store.public.tags("web")).toEqual(["v1"]);
    expect(hosts.defects).toEqual([]);
  });

  it("the same image once more is unchanged, and changes nothing", async () => {
    const hosts = await setUp();
    await push(hosts, index, "v1");
    await mirrorImage(hosts.deps, request);
    const changes: unknown[] = [];
    hosts.store.public.onChange((change) => void changes.push(change));

    expect(await mirrorImage(hosts.deps, request)).toEqual({ outcome: "unchanged", digest: index.digest });
    expect(changes).toEqual([]);
  });

  it("a second tag of the same image sends no layer", async () => {
    const hosts = await setUp();
    await push(hosts, index, "v1");
    await mirrorImage(hosts.deps, request);
    await hosts.source.putManifest("team/web", "v2", index);

    expect(await mirrorImage(hosts.deps, { ...request, tag: "v2" })).toMatchObject({
      outcome: "mirrored",
      blobs: 0,
      bytes: 0,
    });
    expect(hosts.store.public.tags("web")).toEqual(["v1", "v2"]);
  });
});
