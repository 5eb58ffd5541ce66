import { describe, expect, it } from "vitest";
import { descriptorOf, imageOf, type Part, partOf, type TestImage, TYPE } from "../../../support/image-parts.ts";
import { fallbackTag, manifestsPut, newIndex, SOURCE, setUp, writesTo } from "./set-up.ts";

const LAYER_LIMIT = 10_000 * 1024 * 1024;

/** An image that says of its layer that it has so many bytes. */
function withSize(layer: Part, size: number): TestImage {
  const config = partOf("{}", TYPE.config);
  const layers = [{ ...descriptorOf(layer), size }];
  const text = { schemaVersion: 2, mediaType: TYPE.image, config: descriptorOf(config), layers };
  return { ...partOf(JSON.stringify(text), TYPE.image), blobs: [config, layer], children: [] };
}

/** As if the public repository held so many images. */
function holding(set: Awaited<ReturnType<typeof setUp>>, images: number): number[] {
  const asked: number[] = [];
  const { destination } = set.deps;
  const counting: typeof destination = async (name, options) => {
    const there = await destination(name, options);
    const countImages = async (most: number) => {
      asked.push(most);
      return images;
    };
    return there && { ...there, countImages };
  };
  Object.assign(set.deps, { destination: counting });
  return asked;
}

describe("an image that breaks a quota of ECR Public", () => {
  const layer = partOf("layer");

  it("by a layer of one byte too much is refused before anything is written", async () => {
    const { source, registry, calls, mirror } = await setUp();
    source.hold(SOURCE, withSize(layer, LAYER_LIMIT + 1), "v1");

    expect(await mirror()).toMatchObject([
      {
        outcome: "refused",
        gate: "quota",
        reason: `the layer ${layer.digest} has 10485760001 bytes; ECR Public takes 10485760000, in 1,000 parts`,
      },
    ]);
    expect(writesTo(registry)).toEqual([]);
    expect(calls).toEqual(["describe web"]);
  });

  it("by a layer of what travels with it is refused, too", async () => {
    const { source, registry, mirror } = await setUp();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");
    source.hold(SOURCE, withSize(layer, LAYER_LIMIT + 1), `${fallbackTag(image)}.sbom`);

    expect(await mirror()).toMatchObject([{ outcome: "refused", gate: "quota" }]);
    expect(writesTo(registry)).toEqual([]);
  });

  it("is not one whose layer is just as large", async () => {
    const { source, mirror } = await setUp({ remainingMs: () => 900_000 });
    source.hold(SOURCE, withSize(layer, LAYER_LIMIT), "v1");

    // There are not so many bytes, which is seen when they are asked for.
    await expect(mirror()).rejects.toMatchObject({ code: "blob-size-mismatch" });
  });

  it("by more tags than an image may have is refused", async () => {
    const { source, registry, mirror } = await setUp();
    const tags = Array.from({ length: 1_001 }, (_, n) => `v${n}`);
    source.hold(SOURCE, imageOf([layer]), ...tags);

    expect(await mirror({ tag: "v7" })).toMatchObject([
      { outcome: "refused", gate: "quota", reason: "the image has 1001 tags; ECR Public takes 1000 for an image" },
    ]);
    expect(writesTo(registry)).toEqual([]);
  });

  it.each([
    [99_997, "mirrored"],
    [99_998, "refused"],
  ])("by its three manifests where %d are there is %s", async (present, outcome) => {
    const set = await setUp();
    set.source.hold(SOURCE, imageOf([layer]), "v0");
    await set.mirror({ tag: "v0" });
    const before = manifestsPut(set.registry).length;
    const asked = holding(set, present);
    set.source.hold(SOURCE, newIndex(), "v1");

    const [told] = await set.mirror();

    expect(told).toMatchObject({ outcome });
    expect(asked).toEqual([100_000]);
    if (outcome === "mirrored") return;
    expect(told).toMatchObject({
      reason: "the public repository has 99998 images, and 3 would come; ECR Public takes 100000",
    });
    expect(manifestsPut(set.registry)).toHaveLength(before);
  });

  it("is none that is public already, and only gets another tag", async () => {
    const set = await setUp();
    const image = newIndex();
    set.source.hold(SOURCE, image, "v1");
    await set.mirror();
    const asked = holding(set, 100_000);
    set.source.hold(SOURCE, image, "v2");

    expect(await set.mirror({ tag: "v2" })).toMatchObject([{ outcome: "mirrored", tags: ["v2"] }]);
    expect(asked).toEqual([]);
  });
});
