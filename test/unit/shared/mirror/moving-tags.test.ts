import { describe, expect, it } from "vitest";
import { linesOf, newIndex, SOURCE, setUp } from "./set-up.ts";

/** Waits until it is let go. */
function gate(): { readonly held: Promise<void>; release(): void } {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { held, release: () => release() };
}

describe("a tag that moves", () => {
  it("while its image is copied is followed, and both copies are told", async () => {
    const { source, registry, mirror, published } = await setUp();
    const [first, second] = [newIndex(), newIndex()];
    source.hold(SOURCE, first, "v1");
    registry.on("PUT", /manifests\/v1/, { first: () => source.hold(SOURCE, second, "v1") });

    expect(await mirror()).toMatchObject([
      { outcome: "mirrored", digest: first.digest, manifests: 3, blobs: 4, skippedBlobs: 0 },
      { outcome: "mirrored", digest: second.digest, manifests: 3, blobs: 2, skippedBlobs: 2 },
    ]);
    expect(published()).toEqual(second.bytes);
  });

  it("to another digest than the others of its image is followed alone", async () => {
    const { source, registry, mirror, published } = await setUp();
    const [first, second] = [newIndex(), newIndex()];
    source.hold(SOURCE, first, "v1", "latest");
    registry.on("PUT", /manifests\/latest/, { first: () => source.hold(SOURCE, second, "latest") });

    expect(await mirror()).toMatchObject([
      { outcome: "mirrored", digest: first.digest, tags: ["v1", "latest"] },
      { outcome: "mirrored", digest: second.digest, tags: ["latest"] },
    ]);
    expect([published("v1"), published("latest")]).toEqual([first.bytes, second.bytes]);
  });

  it("and whose old image is deleted meanwhile is followed too", async () => {
    const { source, registry, mirror, published } = await setUp();
    const [first, second] = [newIndex(), newIndex()];
    source.hold(SOURCE, first, "v1");
    const lost = first.children[0]?.blobs.at(-1)?.digest ?? "";
    registry.on("POST", /./, {
      first() {
        source.repository(SOURCE).blobs.delete(lost);
        source.repository(SOURCE).manifests.delete(first.digest);
        source.hold(SOURCE, second, "v1");
      },
    });

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", digest: second.digest }]);
    expect(published()).toEqual(second.bytes);
  });

  it("and is deleted while it is copied is gone", async () => {
    const { source, registry, mirror, published } = await setUp();
    source.hold(SOURCE, newIndex(), "v1");
    registry.on("POST", /./, {
      first() {
        source.repository(SOURCE).blobs.clear();
        source.repository(SOURCE).manifests.clear();
      },
    });

    expect(await mirror()).toEqual([{ outcome: "gone", reference: { tag: "v1" } }]);
    expect(published()).toBeUndefined();
  });

  it("and whose image is deleted between its description and its first manifest is looked at again", async () => {
    const { source, mirror, published } = await setUp();
    const [first, second] = [newIndex(), newIndex()];
    source.hold(SOURCE, first, "v1");
    source.on("GET", /manifests\/sha256:/, {
      first() {
        source.repository(SOURCE).manifests.clear();
        source.hold(SOURCE, second, "v1");
      },
    });

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", digest: second.digest }]);
    expect(published()).toEqual(second.bytes);
  });

  it("in every round is given back to the queue", async () => {
    const { source, registry, mirror } = await setUp();
    source.hold(SOURCE, newIndex(), "v1");
    registry.on("PUT", /manifests\/v1/, { first: () => source.hold(SOURCE, newIndex(), "v1") }, 100);

    await expect(mirror()).rejects.toMatchObject({
      code: "source-tag-moving",
      permanent: false,
      message: "tags of 'team/web' moved 5 times while they were copied",
    });
    expect(linesOf(registry, "PUT alias/web/manifests/v1")).toHaveLength(5);
  });

  it("ends in the newest digest although an older copy writes its tag last", async () => {
    const { source, registry, mirror, published } = await setUp();
    const [older, newer] = [newIndex(), newIndex()];
    source.hold(SOURCE, older, "v1");
    const { held, release } = gate();
    registry.on("PUT", /manifests\/v1/, { until: held });

    const slow = mirror();
    await expect.poll(() => registry.lines().at(-1)).toBe("PUT alias/web/manifests/v1");
    source.hold(SOURCE, newer, "v1");
    expect(await mirror()).toMatchObject([{ outcome: "mirrored", digest: newer.digest }]);
    release();

    expect(await slow).toMatchObject([
      { outcome: "mirrored", digest: older.digest },
      { outcome: "mirrored", digest: newer.digest },
    ]);
    expect(published()).toEqual(newer.bytes);
  });

  it("is published as it is now, whatever an old event says", async () => {
    const { source, mirror, published } = await setUp();
    const [older, newer] = [newIndex(), newIndex()];
    source.hold(SOURCE, older, "v1");
    source.hold(SOURCE, newer, "v1");
    await mirror();

    // The push of the older one, told late: by its digest, and by the tag that it had.
    expect(await mirror({ digest: older.digest })).toMatchObject([{ outcome: "not-selected" }]);
    expect(await mirror({ tag: "v1" })).toMatchObject([{ outcome: "unchanged", digest: newer.digest }]);
    expect(published()).toEqual(newer.bytes);
  });

  it("and is copied twice at once is copied well", async () => {
    const { source, mirror, published } = await setUp();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");

    const outcomes = await Promise.all([mirror(), mirror()]);

    expect(outcomes.flat().every(({ outcome }) => outcome === "mirrored" || outcome === "unchanged")).toBe(true);
    expect(published()).toEqual(image.bytes);
  });
});
