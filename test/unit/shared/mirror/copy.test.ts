import { describe, expect, it } from "vitest";
import { type CopyStep, copyImage } from "#shared/mirror/copy.ts";
import { descriptorOf, imageOf, indexOf, partOf, type TestImage, TYPE } from "../../../support/image-parts.ts";
import { plainSource } from "../../../support/plain-registries.ts";
import { ociError } from "../../../support/scripted-faults.ts";
import type { ScriptedRegistry } from "../../../support/scripted-registry.ts";
import { clientOf, startRegistry } from "../registry/set-up.ts";
import { setUpCopy } from "./copy-set-up.ts";
import { destinationOf, linesOf, manifestsPut, short } from "./set-up.ts";

const MIB = 1024 * 1024;

const layers = Array.from({ length: 6 }, (_, index) => partOf(`layer ${index}`.repeat(index + 1)));
const [amd, arm] = [imageOf(layers.slice(0, 4)), imageOf(layers.slice(2))];
const index = indexOf([amd, arm]);

describe("a copy", () => {
  it("writes all layers, then the children, then the root by digest, then the tags, in this order", async () => {
    const { registry, copy, plan } = await setUpCopy(index);

    await copy(["v1", "latest"]);

    const lines = registry.lines();
    const manifests = [
      // Whether it is there already.
      `HEAD alias/web/manifests/${short(index)}`,
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
    const { registry, copy, plan } = await setUpCopy(index);

    const result = await copy(["v1"]);

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
    const { source, registry, copy } = await setUpCopy(index);
    registry.hold("alias/web", amd);

    const result = await copy(["v1"]);

    const sizes = amd.blobs.map(({ bytes }) => bytes.length);
    expect(result).toMatchObject({ blobs: 3, skippedBlobs: 5, skippedBytes: sizes.reduce((a, b) => a + b) });
    expect(linesOf(registry, "POST")).toHaveLength(3);
    expect(linesOf(source, "GET team/web/blobs")).toHaveLength(3);
  });

  it("of what is there by digest writes nothing but the tag", async () => {
    const { registry, copy } = await setUpCopy(index);
    registry.hold("alias/web", index);

    expect(await copy(["v1"])).toMatchObject({ outcome: "copied", manifests: 0, blobs: 0, skippedBlobs: 8 });
    expect(manifestsPut(registry)).toEqual(["v1"]);
  });

  it("asks for a hundred layers at a time", async () => {
    const many = imageOf(Array.from({ length: 249 }, (_, n) => partOf(`${n}`)));
    const { registry, copy, asked } = await setUpCopy(many);
    registry.hold("alias/web", many);

    await copy([]);

    expect(asked).toEqual([100, 100, 50]);
  });

  it("moves four layers at once, and no more", async () => {
    const image = imageOf(Array.from({ length: 12 }, (_, n) => partOf(`${n}`)));
    const { source, registry, copy } = await setUpCopy(image);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    source.on("GET", /blobs/, { until: held }, 100);

    const copied = copy([]);
    await expect.poll(() => linesOf(source, "GET team/web/blobs/").length).toBe(4);
    // Whatever would follow at once has had its chance.
    await clientOf(source).headManifest("team/web", "x");
    expect(linesOf(registry, "POST")).toHaveLength(4);
    release();

    expect(await copied).toMatchObject({ blobs: 13 });
  });

  it("takes an image whose config has no bytes, and layers without any", async () => {
    const empty = partOf("");
    const image = imageOf([empty, partOf("x")]);
    const { registry, copy } = await setUpCopy(image);

    expect(await copy(["v1"])).toMatchObject({ outcome: "copied", blobs: 3 });
    expect(registry.repository("alias/web").blobs.get(empty.digest)).toMatchObject({ size: 0 });
  });

  it("goes on under the same upload when a download breaks off", async () => {
    const image = imageOf([partOf(Buffer.alloc(2 * MIB, 3))]);
    const { source, registry, copy } = await setUpCopy(image);
    source.on("GET", /blobs/, { truncateAfter: MIB }, 1);

    await copy(["v1"]);

    const ranges = source.requests.flatMap(({ headers }) => headers.range ?? []);
    expect(ranges).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(linesOf(registry, "POST")).toHaveLength(2);
    expect(linesOf(registry, "PATCH")).toHaveLength(2);
  });

  it("never sends our credentials for one registry to another, nor to where downloads are", async () => {
    const image = imageOf([partOf("layer")]);
    const bucket = await startRegistry();
    bucket.hold("team/web", image);
    const { source, registry, plan } = await setUpCopy(image, {
      source: { redirect: (path) => `${bucket.url}/v2/${path}` },
    });
    const from = clientOf(source, { authorization: async () => "Basic source" });
    const client = clientOf(registry, { authorization: async () => "Bearer public" });

    const request = { plan, accessories: [], tags: ["v1"], verify: false };
    await copyImage(
      { source: plainSource(from), remainingMs: () => 600_000 },
      request,
      destinationOf(registry, { client }),
    );

    const seen = (at: ScriptedRegistry) => [...new Set(at.requests.map(({ headers }) => headers.authorization))];
    expect([seen(source), seen(registry), seen(bucket)]).toEqual([["Basic source"], ["Bearer public"], [undefined]]);
    expect(bucket.requests).toHaveLength(2);
  });

  it("that fails at one layer writes no manifest, and keeps the layers that were under way", async () => {
    const { registry, copy } = await setUpCopy(index);
    registry.on("PATCH", /./, { answer: 400, body: ociError("BLOB_UPLOAD_INVALID") });

    await expect(copy(["v1"])).rejects.toMatchObject({ code: "registry-refused" });

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
    const { copy } = await setUpCopy(image);

    await expect(copy(["v1"])).rejects.toMatchObject({
      code: "blob-size-mismatch",
      permanent: true,
      message: `${layer.digest} has 3 bytes, and its manifest says 4`,
    });
  });
});

describe("a layer whose bytes are not what its digest says", () => {
  const layer = partOf("layer");
  const image = imageOf([layer]);

  it.each([true, false])("never becomes public, hashed on the way (%s) or only by the registry", async (verify) => {
    const { source, registry, copy } = await setUpCopy(image);
    source.repository("team/web").blobs.set(layer.digest, { size: 5, read: () => Buffer.from("other") });

    await expect(copy(["v1"], { verify })).rejects.toMatchObject({
      code: verify ? "digest-mismatch" : "registry-digest-refused",
    });

    expect(registry.repository("alias/web").blobs.has(layer.digest)).toBe(false);
    expect(manifestsPut(registry)).toEqual([]);
    // With it the wrong blob is known before its end; without it the bytes are sent again, in vain.
    const puts = linesOf(registry, "PUT alias/web/blobs").length;
    expect(puts).toBe(verify ? 1 : 5);
  });
});

describe("a manifest whose layers the registry does not see yet", () => {
  it("is written again, and the tag waits for it", async () => {
    const { registry, copy } = await setUpCopy(amd);
    registry.on("PUT", /manifests\/sha256/, { answer: 404, body: ociError("BLOB_UNKNOWN") }, 2);

    await copy(["v1"]);

    expect(manifestsPut(registry)).toEqual([...Array(3).fill(short(amd)), "v1"]);
  });

  it("after five tries is raised, and no tag is written", async () => {
    const { registry, copy } = await setUpCopy(amd);
    registry.on("PUT", /manifests/, { answer: 400, body: ociError("MANIFEST_BLOB_UNKNOWN") }, 1_000);

    await expect(copy(["v1"])).rejects.toMatchObject({
      code: "registry-blob-unknown",
      permanent: false,
    });
    expect(manifestsPut(registry)).toEqual(Array(5).fill(short(amd)));
  });

  it.each([
    ["throttles", { answer: 429, body: ociError("TOOMANYREQUESTS") }],
    ["is not available", { answer: 503 }],
    ["breaks off", { cut: "before" as const }],
  ])("is written again where the registry %s for a moment", async (_, fault) => {
    const { registry, copy } = await setUpCopy(amd);
    registry.on("PUT", /manifests\/v1/, fault, 2);

    expect(await copy(["v1"])).toMatchObject({ outcome: "copied" });
    expect(manifestsPut(registry)).toEqual([short(amd), "v1", "v1", "v1"]);
  });

  it("is not asked for again when it is refused", async () => {
    const { registry, copy } = await setUpCopy(amd);
    registry.on("PUT", /manifests/, { answer: 405, body: ociError("UNSUPPORTED") });

    await expect(copy(["v1"])).rejects.toMatchObject({ code: "registry-refused" });
    expect(manifestsPut(registry)).toHaveLength(1);
  });
});

describe("the progress of a copy", () => {
  it("tells what begins, the bytes of each layer by the MiB and in the end, manifests and tags", async () => {
    const [large, small] = [partOf(Buffer.alloc(3 * MIB + 5, 7)), partOf("small")];
    const image = imageOf([large, small]);
    const steps: CopyStep[] = [];
    const { copy, plan } = await setUpCopy(image, { progress: (step) => void steps.push(step) });

    await copy(["v1", "latest"]);
    const [begin, ...rest] = steps;
    const bytesOf = ({ digest }: { digest: string }) =>
      rest.flatMap((step) => (step.kind === "blob" && step.digest === digest ? [step.bytes] : []));

    expect(begin).toEqual({ kind: "begin", blobs: 3, bytes: plan.blobs.reduce((sum, { size }) => sum + size, 0) });
    expect(bytesOf(small)).toEqual([5]);
    expect(bytesOf(large).at(-1)).toBe(3 * MIB + 5);
    expect(bytesOf(large)).toEqual(bytesOf(large).toSorted((a, b) => a - b));
    expect(bytesOf(large).length).toBeGreaterThanOrEqual(3);
    expect(bytesOf(large).length).toBeLessThanOrEqual(4);
    expect(rest.filter(({ kind }) => kind !== "blob")).toEqual([
      { kind: "manifest", digest: image.digest },
      { kind: "tag", tag: "v1" },
      { kind: "tag", tag: "latest" },
    ]);
  });

  it("begins with nothing where all is there, and tells the tag alone", async () => {
    const steps: CopyStep[] = [];
    const { copy } = await setUpCopy(imageOf([partOf("layer")]), { progress: (step) => void steps.push(step) });
    await copy(["v1"]);
    steps.length = 0;

    await copy(["v2"]);

    expect(steps).toEqual([
      { kind: "begin", blobs: 0, bytes: 0 },
      { kind: "tag", tag: "v2" },
    ]);
  });
});
