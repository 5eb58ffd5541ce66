import { afterEach, describe, expect, it } from "vitest";
import { type MirrorDeps, mirrorImage } from "#shared/mirror/mirror-image.ts";
import { createRegistryClient } from "#shared/registry/client.ts";
import { createSend } from "#shared/registry/http.ts";
import { buildImage, type IndexImage } from "../../../../local/tour/image.ts";
import { end, error, type FakeRegistry, type Intervene, startFakeRegistry } from "../../../support/fake-registry.ts";

const request = { repository: "team-a/web", tag: "v1", destination: "web" };
const opened: FakeRegistry[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((registry) => registry.close()));
});

function newImage(): IndexImage {
  return buildImage({ platforms: ["linux/amd64", "linux/arm64"], layersPerPlatform: 3, layerBytes: 2_000 });
}

function hold(registry: FakeRegistry, image: IndexImage, tag = "v1"): void {
  for (const { digest, bytes } of image.blobs) registry.blobs.set(digest, bytes);
  for (const part of [...image.children, image.root]) registry.manifests.set(`team-a/web@${part.digest}`, part);
  registry.manifests.set(`team-a/web:${tag}`, image.root);
}

async function setUp(options: { source?: Intervene; destination?: Intervene; remainingMs?: () => number } = {}) {
  const source = await startFakeRegistry(options.source);
  const destination = await startFakeRegistry(options.destination);
  opened.push(source, destination);
  const created: string[] = [];
  const client = (registry: FakeRegistry) =>
    createRegistryClient({
      baseUrl: registry.url,
      send: createSend(),
      authorization: async () => "Basic x",
      signal: new AbortController().signal,
    });
  const deps: MirrorDeps = {
    source: client(source),
    remainingMs: options.remainingMs ?? (() => 600_000),
    async destination(name, { create }) {
      if (create) created.push(name);
      if (created.length === 0) return undefined;
      return {
        client: client(destination),
        repository: `alias/${name}`,
        layersPresent: async (digests) => new Set(digests.filter((digest) => destination.blobs.has(digest))),
      };
    },
  };
  return { source, destination, created, deps };
}

const writesOf = (registry: FakeRegistry) => registry.requests.filter((request) => !/^(GET|HEAD)/.test(request));
const short = (digest: string) => digest.slice(7, 13);

describe("an image", () => {
  it("is written layers first, then the images of the index, then the index, the tag last", async () => {
    const { source, destination, deps } = await setUp();
    const image = newImage();
    hold(source, image);

    const outcome = await mirrorImage(deps, request);

    const writes = writesOf(destination);
    const manifests = writes.filter((write) => write.includes("/manifests/"));
    expect(manifests).toEqual([
      ...image.children.map(({ digest }) => `PUT alias/web/manifests/${short(digest)}`),
      `PUT alias/web/manifests/${short(image.root.digest)}`,
      "PUT alias/web/manifests/v1",
    ]);
    expect(writes.slice(-manifests.length)).toEqual(manifests);
    expect(outcome).toMatchObject({
      outcome: "mirrored",
      digest: image.root.digest,
      manifests: 3,
      blobs: image.blobs.length,
      skippedBlobs: 0,
    });
  });

  it("is the same, bit for bit", async () => {
    const { source, destination, deps } = await setUp();
    const image = newImage();
    hold(source, image);

    await mirrorImage(deps, request);

    expect(destination.manifests.get("alias/web:v1")?.bytes).toEqual(image.root.bytes);
    for (const { digest, bytes } of image.blobs) expect(destination.blobs.get(digest)).toEqual(bytes);
  });

  it("that is there already is not written again", async () => {
    const { source, destination, deps } = await setUp();
    hold(source, newImage());
    await mirrorImage(deps, request);
    const before = writesOf(destination).length;

    const outcome = await mirrorImage(deps, request);

    expect(outcome.outcome).toBe("unchanged");
    expect(writesOf(destination)).toHaveLength(before);
  });

  it("sends only the layers that are missing", async () => {
    const { source, destination, deps } = await setUp();
    const image = newImage();
    hold(source, image);
    const [first] = image.blobs;
    if (first !== undefined) destination.blobs.set(first.digest, first.bytes);

    const outcome = await mirrorImage(deps, request);

    expect(outcome).toMatchObject({
      blobs: image.blobs.length - 1,
      skippedBlobs: 1,
      skippedBytes: first?.bytes.length,
    });
    expect(destination.requests.filter((line) => line.startsWith("POST"))).toHaveLength(image.blobs.length - 1);
  });

  it("whose tag is gone is nobody's work, and makes no repository", async () => {
    const { deps, created } = await setUp();

    expect(await mirrorImage(deps, request)).toEqual({ outcome: "gone" });
    expect(created).toEqual([]);
  });

  it("whose tag moves during the copy is followed", async () => {
    const first = newImage();
    const second = newImage();
    const { source, destination, deps } = await setUp({
      destination({ method, path }) {
        if (method === "PUT" && path.endsWith("/manifests/v1")) hold(source, second);
        return undefined;
      },
    });
    hold(source, first);

    const outcome = await mirrorImage(deps, request);

    expect(outcome).toMatchObject({ outcome: "mirrored", digest: second.root.digest });
    expect(destination.manifests.get("alias/web:v1")?.bytes).toEqual(second.root.bytes);
  });

  it("with a child that the source lacks is refused before anything is written", async () => {
    const { source, deps, created } = await setUp();
    const image = newImage();
    hold(source, image);
    source.manifests.delete(`team-a/web@${image.children[1]?.digest}`);

    await expect(mirrorImage(deps, request)).rejects.toMatchObject({ code: "child-missing", permanent: true });
    expect(created).toEqual([]);
  });
});

describe("a failure on the way", () => {
  it("of one layer is tried again in a fresh upload", async () => {
    let failures = 0;
    const { source, destination, deps } = await setUp({
      destination({ method }, response) {
        if (method !== "PATCH" || failures >= 2) return undefined;
        failures += 1;
        response.destroy();
        return "answered";
      },
    });
    const image = newImage();
    hold(source, image);

    expect(await mirrorImage(deps, request)).toMatchObject({ outcome: "mirrored" });
    expect(failures).toBe(2);
    expect(destination.requests.filter((line) => line.startsWith("POST"))).toHaveLength(image.blobs.length + 2);
  });

  it("that does not end is raised, and no manifest is written", async () => {
    const { source, destination, deps } = await setUp({
      destination({ method }, response) {
        if (method !== "PATCH") return undefined;
        end(response, 500);
        return "answered";
      },
    });
    hold(source, newImage());

    await expect(mirrorImage(deps, request)).rejects.toMatchObject({ code: "registry-unavailable", permanent: false });
    expect(writesOf(destination).filter((line) => line.includes("/manifests/"))).toEqual([]);
  });

  it("of a manifest whose layers the registry does not see yet is waited out", async () => {
    const { source, destination, deps } = await setUp({
      destination({ method, path, count }, response) {
        if (method !== "PUT" || !path.includes("/manifests/sha256") || count > 1) return undefined;
        end(response, 404, error("BLOB_UNKNOWN"));
        return "answered";
      },
    });
    hold(source, newImage());

    expect(await mirrorImage(deps, request)).toMatchObject({ outcome: "mirrored" });
    expect(destination.manifests.has("alias/web:v1")).toBe(true);
  });

  it("of the source's download starts the layer again", async () => {
    const { source, destination, deps } = await setUp({
      source({ method, path, count }, response) {
        if (method !== "GET" || !path.includes("/blobs/") || count > 1) return undefined;
        const blob = source.blobs.get(path.split("/").at(-1) ?? "") ?? Buffer.alloc(0);
        response.writeHead(200, { "content-length": blob.length });
        response.write(blob.subarray(0, 10), () => response.destroy());
        return "answered";
      },
    });
    const image = newImage();
    hold(source, image);

    expect(await mirrorImage(deps, request)).toMatchObject({ outcome: "mirrored", blobs: image.blobs.length });
    for (const { digest, bytes } of image.blobs) expect(destination.blobs.get(digest)).toEqual(bytes);
  });
});

describe("a layer that may not end in time", () => {
  it("is not begun: the message comes again", async () => {
    const { source, destination, deps } = await setUp({ remainingMs: () => 0 });
    hold(source, newImage());

    await expect(mirrorImage(deps, request)).rejects.toMatchObject({ code: "mirror-continues", permanent: false });
    expect(writesOf(destination)).toEqual([]);
  });
});
