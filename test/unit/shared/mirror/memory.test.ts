import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { copyImage } from "#shared/mirror/copy.ts";
import { type ImagePlan, planImage } from "#shared/mirror/plan.ts";
import { run } from "../../../support/command.ts";
import { descriptorOf, partOf, TYPE } from "../../../support/image-parts.ts";
import { plainDestination, plainSource } from "../../../support/plain-registries.ts";
import type { ScriptedRegistry } from "../../../support/scripted-registry.ts";
import { clientOf, startRegistry } from "../registry/set-up.ts";

const MIB = 1024 * 1024;
const SIZE = 256 * MIB;

/** A layer of 256 MiB that is made while it is read; counts what was taken of it. */
function generatedLayer() {
  const chunk = Buffer.alloc(64 * 1024, "layer");
  const hash = createHash("sha256");
  for (let at = 0; at < SIZE; at += chunk.length) hash.update(chunk);
  const state = { taken: 0 };
  const read = (start: number) => {
    let at = start;
    return new Readable({
      read() {
        if (at >= SIZE) return void this.push(null);
        const bytes = chunk.subarray(at % chunk.length, Math.min(chunk.length, SIZE - at + (at % chunk.length)));
        at += bytes.length;
        state.taken += bytes.length;
        this.push(bytes);
      },
    });
  };
  return { digest: `sha256:${hash.digest("hex")}`, read, state };
}

const layer = generatedLayer();

async function setUp() {
  const config = partOf("{}", TYPE.config);
  const layers = [{ mediaType: TYPE.layer, digest: layer.digest, size: SIZE }];
  const text = { schemaVersion: 2, mediaType: TYPE.image, config: descriptorOf(config), layers };
  const image = { ...partOf(JSON.stringify(text), TYPE.image), blobs: [config], children: [] };
  const origin = await startRegistry();
  origin.hold("web", image, "v1");
  origin.repository("web").blobs.set(layer.digest, { size: SIZE, read: layer.read });
  layer.state.taken = 0;
  const registry = await startRegistry({ discards: true });
  return { origin, registry, source: clientOf(origin), plan: await planImage(clientOf(origin), "web", image) };
}

const copy = (source: ReturnType<typeof clientOf>, plan: ImagePlan, registry: ScriptedRegistry) =>
  copyImage(
    { source: plainSource(source), remainingMs: () => 600_000 },
    { plan, accessories: [], tags: [], verify: false },
    { ...plainDestination(clientOf(registry), "web"), layersPresent: async () => new Set<string>() },
  );

describe("a layer of 256 MiB", () => {
  it("is copied without being held: the memory of the process that copies it does not grow with it", async () => {
    const { origin, registry } = await setUp();
    const child = fileURLToPath(new URL("./copy-child.ts", import.meta.url));

    // As the mirror function is run on Lambda.
    const { code, stdout, stderr } = await run(process.execPath, [
      "--max-semi-space-size=1",
      child,
      ...[origin.url, registry.url, "web", "v1"],
    ]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const told = JSON.parse(stdout) as { outcome: string; bytes: number; grownKiB: number };
    expect(told).toMatchObject({ outcome: "copied", bytes: SIZE + 2 });
    expect(registry.repository("web").blobs.get(layer.digest)?.size).toBe(SIZE);
    // Node keeps up to 64 MiB of spent read buffers before it collects them, whatever the size of the layer.
    expect(told.grownKiB / 1024).toBeLessThan(96);
  });

  it("is not read on while its upload takes nothing: what is on the way is in the kernel's buffers", async () => {
    const { source, plan, registry } = await setUp();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    registry.on("PATCH", /./, { until: held }, 2);

    const copied = copy(source, plan, registry);
    // Until it stands still for half a second.
    let last = -1;
    await expect
      .poll(
        () => {
          const stands = layer.state.taken === last && last > 0;
          last = layer.state.taken;
          return stands;
        },
        { interval: 500, timeout: 15_000 },
      )
      .toBe(true);
    const taken = layer.state.taken;
    release();

    expect(await copied).toMatchObject({ outcome: "copied" });
    expect(taken / MIB).toBeLessThan(48);
  });
});
