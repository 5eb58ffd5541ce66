import { describe, expect, it } from "vitest";
import { type CopyDeps, type CopyDestination, copyImage } from "#shared/mirror/copy.ts";
import { planImage } from "#shared/mirror/plan.ts";
import { descriptorOf, imageOf, indexOf, partOf, type TestImage, TYPE } from "../../../support/image-parts.ts";
import { ociError } from "../../../support/scripted-faults.ts";
import type { ScriptedOptions, ScriptedRegistry } from "../../../support/scripted-registry.ts";
import { clientOf, startRegistry } from "../registry/set-up.ts";

const MIB = 1024 * 1024;

async function setUp(image: TestImage, options: { source?: ScriptedOptions; remainingMs?: () => number } = {}) {
  const source = await startRegistry({ manners: "ecr", ...options.source });
  const registry = await startRegistry({ manners: "ecr" });
  source.hold("team/web", image);
  const asked: number[] = [];
  const destination: CopyDestination = {
    client: clientOf(registry),
    repository: "alias/web",
    async layersPresent(digests) {
      asked.push(digests.length);
      return new Set(digests.filter((digest) => registry.repository("alias/web").blobs.has(digest)));
    },
  };
  const deps: CopyDeps = {
    source: clientOf(source),
    remainingMs: options.remainingMs ?? (() => 600_000),
    pause: async () => {},
  };
  const plan = await planImage(deps.source, "team/web", image);
  return { source, registry, destination, deps, plan, asked };
}

const short = ({ digest }: { digest: string }) => digest.slice(7, 13);
const linesOf = (registry: ScriptedRegistry, part: string) => registry.lines().filter((line) => line.includes(part));

const layers = Array.from({ length: 6 }, (_, index) => partOf(`layer ${index}`.repeat(index + 1)));
const [amd, arm] = [imageOf(layers.slice(0, 4)), imageOf(layers.slice(2))];
const index = indexOf([amd, arm]);

describe("a copy", () => {
  it("writes all layers, then the children, then the root by digest, then the tags, in this order", async () => {
    const { registry, destination, deps, plan } = await setUp(index);

    await copyImage(deps, plan, destination, ["v1", "latest"]);

    const lines = registry.lines();
    const manifests = [
      `PUT alias/web/manifests/${short(amd)}`,
      `PUT alias/web/manifests/${short(arm)}`,
      `PUT alias/web/manifests/${short(index)}`,
      "PUT alias/web/manifests/v1",
      "PUT alias/web/manifests/latest",
    ];
    expect(lines.slice(-manifests.length)).toEqual(manifests);
    expect(lines.slice(0, -manifests.length).every((line) => line.includes("/blobs/uploads/"))).toBe(true);
    expect(linesOf(registry, "POST")).toHaveLength(plan.blobs.length);
  });

  it("is the same, bit for bit, and tells what it moved", async () => {
    const { registry, destination, deps, plan } = await setUp(index);

    const result = await copyImage(deps, plan, destination, ["v1"]);

    const { blobs, manifests } = registry.repository("alias/web");
    expect(manifests.get("v1")).toEqual({ mediaType: TYPE.index, bytes: index.bytes });
    for (const child of [amd, arm]) {
      expect(manifests.get(child.digest)?.bytes).toEqual(child.bytes);
      for (const { digest, bytes } of child.blobs) expect(blobs.get(digest)?.read(0)).toEqual(bytes);
    }
    expect(result).toEqual({
      outcome: "copied",
      manifests: 3,
      blobs: 8,
      bytes: plan.blobs.reduce((sum, { size }) => sum + size, 0),
      skippedBlobs: 0,
      skippedBytes: 0,
    });
  });

  it("leaves alone what is there", async () => {
    const { source, registry, destination, deps, plan } = await setUp(index);
    registry.hold("alias/web", amd);

    const result = await copyImage(deps, plan, destination, ["v1"]);

    const sizes = amd.blobs.map(({ bytes }) => bytes.length);
    expect(result).toMatchObject({ blobs: 3, skippedBlobs: 5, skippedBytes: sizes.reduce((a, b) => a + b) });
    expect(linesOf(registry, "POST")).toHaveLength(3);
    expect(linesOf(source, "GET team/web/blobs")).toHaveLength(3);
  });

  it("asks for a hundred layers at a time", async () => {
    const many = imageOf(Array.from({ length: 249 }, (_, n) => partOf(`${n}`)));
    const { registry, destination, deps, plan, asked } = await setUp(many);
    registry.hold("alias/web", many);

    await copyImage(deps, plan, destination, []);

    expect(asked).toEqual([100, 100, 50]);
  });

  it("moves four layers at once, and no more", async () => {
    const image = imageOf(Array.from({ length: 12 }, (_, n) => partOf(`${n}`)));
    const { source, registry, destination, deps, plan } = await setUp(image);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    source.on("GET", /blobs/, { until: held }, 100);

    const copied = copyImage(deps, plan, destination, []);
    await expect.poll(() => linesOf(source, "/blobs/").length).toBe(4);
    // Whatever would follow at once has had its chance.
    await clientOf(source).headManifest("team/web", "x");
    expect(linesOf(registry, "POST")).toHaveLength(4);
    release();

    expect(await copied).toMatchObject({ blobs: 13 });
  });

  it("takes an image whose config has no bytes, and layers without any", async () => {
    const empty = partOf("");
    const image = imageOf([empty, partOf("x")]);
    const { registry, destination, deps, plan } = await setUp(image);

    expect(await copyImage(deps, plan, destination, ["v1"])).toMatchObject({ outcome: "copied", blobs: 3 });
    expect(registry.repository("alias/web").blobs.get(empty.digest)).toMatchObject({ size: 0 });
  });

  it("goes on under the same upload when a download breaks off", async () => {
    const image = imageOf([partOf(Buffer.alloc(2 * MIB, 3))]);
    const { source, registry, destination, deps, plan } = await setUp(image);
    source.on("GET", /blobs/, { truncateAfter: MIB }, 1);

    await copyImage(deps, plan, destination, ["v1"]);

    const ranges = source.requests.flatMap(({ headers }) => headers.range ?? []);
    expect(ranges).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(linesOf(registry, "POST")).toHaveLength(2);
    expect(linesOf(registry, "PATCH")).toHaveLength(2);
  });

  it("never sends our credentials for one registry to another, nor to where downloads are", async () => {
    const image = imageOf([partOf("layer")]);
    const bucket = await startRegistry();
    bucket.hold("team/web", image);
    const { source, registry, destination, plan } = await setUp(image, {
      source: { redirect: (path) => `${bucket.url}/v2/${path}` },
    });
    const from = clientOf(source, { authorization: async () => "Basic source" });
    const client = clientOf(registry, { authorization: async () => "Bearer public" });

    await copyImage({ source: from, remainingMs: () => 600_000 }, plan, { ...destination, client }, ["v1"]);

    const seen = (at: ScriptedRegistry) => [...new Set(at.requests.map(({ headers }) => headers.authorization))];
    expect([seen(source), seen(registry), seen(bucket)]).toEqual([["Basic source"], ["Bearer public"], [undefined]]);
    expect(bucket.requests).toHaveLength(2);
  });

  it("that fails at one layer writes no manifest, and keeps the layers that were under way", async () => {
    const { registry, destination, deps, plan } = await setUp(index);
    registry.on("PATCH", /./, { answer: 400, body: ociError("BLOB_UPLOAD_INVALID") });

    await expect(copyImage(deps, plan, destination, ["v1"])).rejects.toMatchObject({ code: "registry-refused" });

    expect(linesOf(registry, "manifests")).toEqual([]);
    // Four were under way, of eight.
    expect(registry.repository("alias/web").blobs.size).toBeGreaterThanOrEqual(3);
    expect(registry.repository("alias/web").blobs.size).toBeLessThan(8);
  });

  it("of a blob whose size is not what the manifest says is refused", async () => {
    const layer = partOf("123");
    const wrong = { ...descriptorOf(layer), size: 4 };
    const config = partOf("{}", TYPE.config);
    const text = JSON.stringify({ schemaVersion: 2, config: descriptorOf(config), layers: [wrong] });
    const image: TestImage = { ...partOf(text, TYPE.image), blobs: [config, layer], children: [] };
    const { destination, deps, plan } = await setUp(image);

    await expect(copyImage(deps, plan, destination, ["v1"])).rejects.toMatchObject({
      code: "blob-size-mismatch",
      permanent: true,
      message: `${layer.digest} has 3 bytes, and its manifest says 4`,
    });
  });
});

describe("a manifest whose layers the registry does not see yet", () => {
  it("is written again, and the tag waits for it", async () => {
    const { registry, destination, deps, plan } = await setUp(amd);
    registry.on("PUT", /manifests\/sha256/, { answer: 404, body: ociError("BLOB_UNKNOWN") }, 2);

    await copyImage(deps, plan, destination, ["v1"]);

    expect(linesOf(registry, "manifests")).toEqual([
      ...Array(3).fill(`PUT alias/web/manifests/${short(amd)}`),
      "PUT alias/web/manifests/v1",
    ]);
  });

  it("after five tries is raised, and no tag is written", async () => {
    const { registry, destination, deps, plan } = await setUp(amd);
    registry.on("PUT", /manifests/, { answer: 400, body: ociError("MANIFEST_BLOB_UNKNOWN") }, 1_000);

    await expect(copyImage(deps, plan, destination, ["v1"])).rejects.toMatchObject({
      code: "registry-blob-unknown",
      permanent: false,
    });
    expect(linesOf(registry, "manifests")).toEqual(Array(5).fill(`PUT alias/web/manifests/${short(amd)}`));
  });

  it("is not asked for again when it is refused", async () => {
    const { registry, destination, deps, plan } = await setUp(amd);
    registry.on("PUT", /manifests/, { answer: 405, body: ociError("UNSUPPORTED") });

    await expect(copyImage(deps, plan, destination, ["v1"])).rejects.toMatchObject({ code: "registry-refused" });
    expect(linesOf(registry, "manifests")).toHaveLength(1);
  });
});

describe("a layer that may not end in time", () => {
  const [large, small] = [partOf(Buffer.alloc(3 * MIB)), partOf("small")];
  const image = imageOf([large, small]);

  it("is not begun, and is told as left; what fits is copied, and no manifest is written", async () => {
    // 3 MiB take 250 ms at 12 MiB/s.
    const { registry, destination, deps, plan } = await setUp(image, { remainingMs: () => 249 });

    const result = await copyImage(deps, plan, destination, ["v1"]);

    expect(result).toEqual({
      outcome: "continues",
      left: { blobs: 1, bytes: 3 * MIB },
      blobs: 2,
      bytes: plan.blobs.reduce((sum, { size }) => sum + size, 0) - 3 * MIB,
      skippedBlobs: 0,
      skippedBytes: 0,
    });
    expect(linesOf(registry, "POST")).toHaveLength(2);
    expect(linesOf(registry, "manifests")).toEqual([]);
  });

  it("is begun when it just fits", async () => {
    const { destination, deps, plan } = await setUp(image, { remainingMs: () => 250 });

    expect(await copyImage(deps, plan, destination, ["v1"])).toMatchObject({ outcome: "copied" });
  });

  it("is not begun anew after a broken upload", async () => {
    let remaining = 600_000;
    const { registry, destination, deps, plan } = await setUp(image, { remainingMs: () => remaining });
    registry.on("PATCH", /./, { cutUploadAfter: MIB });
    registry.on("HEAD", /./, {
      first: () => {
        remaining = 0;
      },
    });

    expect(await copyImage(deps, plan, destination, ["v1"])).toMatchObject({
      outcome: "continues",
      left: { blobs: 1, bytes: 3 * MIB },
    });
  });

  it("comes first where there is time, since it needs the time most", async () => {
    const sizes = [10, 40, 20, 30].map((size) => partOf(Buffer.alloc(size * 1_000, size)));
    const { source, destination, deps, plan } = await setUp(imageOf(sizes));

    await copyImage(deps, plan, destination, []);

    const begun = source.requests
      .filter(({ path }) => path.includes("/blobs/"))
      .map(({ path }) => path.split("/").at(-1));
    expect(begun.slice(0, 4).sort()).toEqual(sizes.map(({ digest }) => digest).sort());
  });
});

describe("a layer that its licence keeps elsewhere", () => {
  const elsewhere = partOf("windows", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
  const ours = partOf("ours");
  const config = partOf("{}", TYPE.config);
  const text = JSON.stringify({
    schemaVersion: 2,
    config: descriptorOf(config),
    layers: [{ ...descriptorOf(elsewhere), urls: ["https://example.com/layer"] }, descriptorOf(ours)],
  });
  const image: TestImage = { ...partOf(text, TYPE.image), blobs: [config, elsewhere, ours], children: [] };

  it("is left out where the source does not hold it", async () => {
    const { source, registry, destination, deps, plan } = await setUp(image);
    source.repository("team/web").blobs.delete(elsewhere.digest);

    expect(await copyImage(deps, plan, destination, ["v1"])).toMatchObject({ outcome: "copied", blobs: 2 });
    expect(registry.repository("alias/web").manifests.get("v1")?.bytes).toEqual(image.bytes);
  });

  it("is copied where the source holds it", async () => {
    const { registry, destination, deps, plan } = await setUp(image);

    expect(await copyImage(deps, plan, destination, ["v1"])).toMatchObject({ outcome: "copied", blobs: 3 });
    expect(registry.repository("alias/web").blobs.has(elsewhere.digest)).toBe(true);
  });
});
