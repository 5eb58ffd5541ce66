import { describe, expect, it } from "vitest";
import { mirrorImage } from "#shared/mirror/mirror-image.ts";
import { imageOf, partOf, type TestImage } from "../../../support/image-parts.ts";
import { ociError } from "../../../support/scripted-faults.ts";
import { artifact, manifestsPut, mirrored, newIndex, ruleOf, SOURCE, setUp, short, writesTo } from "./set-up.ts";

describe("an image", () => {
  it("is mirrored into a repository that is made for it, and its source tag is read again at the end", async () => {
    const { source, calls, mirror, published } = await setUp();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");

    const outcomes = await mirror();

    expect(outcomes).toEqual([
      {
        outcome: "mirrored",
        destination: "web",
        digest: image.digest,
        tags: ["v1"],
        manifests: 3,
        blobs: 4,
        bytes: expect.any(Number),
        skippedBlobs: 0,
        skippedBytes: 0,
        gates: [],
        conflicts: [],
      },
    ]);
    expect(published()).toEqual(image.bytes);
    expect(calls).toEqual(["describe web", "create web"]);
    expect(source.lines().at(0)).toBe("HEAD team/web/manifests/v1");
    expect(source.lines().at(-1)).toBe("HEAD team/web/manifests/v1");
  });

  it("whose public tag has another digest takes its place, and moves only what is new", async () => {
    const { source, mirror, published } = await setUp();
    source.hold(SOURCE, newIndex(), "v1");
    await mirror();
    const second = newIndex();
    source.hold(SOURCE, second, "v1");

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", digest: second.digest, blobs: 2, skippedBlobs: 2 }]);
    expect(published()).toEqual(second.bytes);
  });

  it("whose tag is gone is nobody's work, and makes no repository", async () => {
    const { source, calls, mirror } = await setUp();

    expect(await mirror()).toEqual([{ outcome: "gone", reference: { tag: "v1" } }]);
    expect(source.requests).toHaveLength(1);
    expect(calls).toEqual([]);
  });

  it("at a source that denies is no image that is gone", async () => {
    const { source, mirror } = await setUp();
    source.on("HEAD", /manifests/, { answer: 403, body: ociError("DENIED", "not authorized") });

    await expect(mirror()).rejects.toMatchObject({ code: "registry-denied" });
  });

  it("in the archive is not looked at any further", async () => {
    const { source, calls, mirror } = await setUp({ about: () => ({ archived: true }) });
    const image = newIndex();
    source.hold(SOURCE, image, "v1");

    expect(await mirror()).toEqual([
      {
        outcome: "not-selected",
        digest: image.digest,
        reason: `${image.digest} is in the archive, and cannot be pulled`,
      },
    ]);
    expect(calls).toEqual([]);
  });

  it("without a tag is acknowledged after one look", async () => {
    const { source, calls, mirror } = await setUp();
    const child = imageOf([partOf("child")]);
    source.hold(SOURCE, child);

    expect(await mirror({ digest: child.digest })).toEqual([
      {
        outcome: "not-selected",
        digest: child.digest,
        reason: "the image has no tag in team/web, and mirror rules select by tag",
      },
    ]);
    expect(source.lines()).toEqual([`GET team/web/manifests/${short(child)}`]);
    expect(calls).toEqual([]);
  });

  it("that two rules select goes to both places, each with its own tags", async () => {
    const rules = [
      ruleOf({ tags: { include: ["v*"], exclude: [] } }),
      ruleOf({ tags: { include: ["latest"], exclude: [] }, destination: "edge" }),
    ];
    const { source, registry, mirror } = await setUp({ rules });
    source.hold(SOURCE, newIndex(), "v1", "latest");

    expect(await mirror()).toMatchObject([
      { outcome: "mirrored", destination: "web", tags: ["v1"] },
      { outcome: "mirrored", destination: "edge", tags: ["latest"] },
    ]);
    const tagsIn = (name: string) =>
      [...registry.repository(name).manifests.keys()].filter((reference) => !reference.includes(":"));
    expect([tagsIn("alias/web"), tagsIn("alias/edge")]).toEqual([["v1"], ["latest"]]);
  });

  it("that one of two places cannot take goes to the other, and the failure is raised in the end", async () => {
    const rules = [ruleOf({ platforms: ["windows/amd64"] }), ruleOf({ destination: "edge" })];
    const { source, registry, deps } = await setUp({ rules });
    const image = newIndex();
    source.hold(SOURCE, image, "v1");
    const told: string[] = [];

    const mirroring = mirrorImage(
      deps,
      { repository: SOURCE, reference: { tag: "v1" }, orParents: false },
      async ({ outcome }) => {
        told.push(outcome);
      },
    );

    await expect(mirroring).rejects.toMatchObject({ code: "platform-missing", permanent: true });
    expect(told).toEqual(["mirrored"]);
    expect(registry.repository("alias/edge").manifests.get("v1")?.bytes).toEqual(image.bytes);
  });

  it("that fails in two places for different reasons fails for the one that another try may mend", async () => {
    const rules = [ruleOf({ platforms: ["windows/amd64"] }), ruleOf({ destination: "edge" })];
    const { source, registry, mirror } = await setUp({ rules });
    source.hold(SOURCE, newIndex(), "v1");
    registry.on("POST", /edge/, { answer: 403, body: ociError("DENIED") }, 100);

    await expect(mirror()).rejects.toMatchObject({ code: "registry-denied", permanent: false });
  });

  it("whose destination cannot be named is refused, by name", async () => {
    const { source, calls, mirror } = await setUp({ rules: [ruleOf({ destination: "Web" })] });
    const image = newIndex();
    source.hold(SOURCE, image, "v1");

    expect(await mirror()).toEqual([
      { outcome: "refused", gate: "name", digest: image.digest, reason: expect.stringContaining("as Web:") },
    ]);
    expect(calls).toEqual([]);
  });

  it("that is not among the newest of its rule stays where it is", async () => {
    const pushed = new Map<string, Date>();
    const { source, registry, mirror } = await setUp({
      rules: [ruleOf({ tags: { include: ["*"], exclude: [], latest: 1 } })],
      about: (digest) => ({ pushedAt: pushed.get(digest) }),
    });
    const [older, newer] = [newIndex(), newIndex()];
    pushed.set(older.digest, new Date("2026-05-01")).set(newer.digest, new Date("2026-05-02"));
    source.hold(SOURCE, older, "v1");
    source.hold(SOURCE, newer, "v2");

    expect(await mirror({ tag: "v1" })).toEqual([
      {
        outcome: "not-selected",
        digest: older.digest,
        reason: "newer tags of 'team/web' take the place of this one",
      },
    ]);
    expect(registry.requests).toEqual([]);
    expect(await mirror({ tag: "v2" })).toMatchObject([{ outcome: "mirrored", tags: ["v2"] }]);
  });
});

describe("a copy that did not end", () => {
  it("for want of time tells what is left, writes no manifest, and goes on where it ended", async () => {
    let remaining = 0.001;
    const { source, registry, deps, published } = await setUp({ remainingMs: () => remaining });
    const image = newIndex();
    source.hold(SOURCE, image, "v1");

    const [first] = await mirrored(deps, { tag: "v1" });
    expect(first).toMatchObject({
      outcome: "continues",
      destination: "web",
      digest: image.digest,
      tags: ["v1"],
      left: { blobs: 1, bytes: "shared by all".length },
      blobs: 3,
    });
    expect(manifestsPut(registry)).toEqual([]);
    remaining = 600_000;

    expect(await mirrored(deps, { tag: "v1" })).toMatchObject([{ outcome: "mirrored", blobs: 1, skippedBlobs: 3 }]);
    expect(published()).toEqual(image.bytes);
  });

  it("because of any request that fails is ended by the next, and no tag ever leads to less than a whole image", async () => {
    // Once through, to count the destination's requests; then once for each of them, cut before and after its work.
    const image = newIndex();
    const whole = await setUp();
    whole.source.hold(SOURCE, image, "v1");
    await whole.mirror();
    const requests = whole.registry.requests.length;

    for (let n = 0; n < requests; n++) {
      for (const cut of ["before", "after"] as const) {
        const { source, registry, mirror, published } = await setUp();
        source.hold(SOURCE, image, "v1");
        // Everything from the nth request on fails, as if the function had been killed there.
        let seen = 0;
        const isLate = { test: () => seen++ >= n };
        for (const method of ["POST", "PATCH", "PUT", "HEAD"]) registry.on(method, isLate, { cut }, 1_000);
        await mirror().catch(() => undefined);
        seen = Number.NEGATIVE_INFINITY;

        // The registry itself refuses a manifest before what it names: a tag that is there is whole.
        expect([undefined, image.bytes]).toContainEqual(published());
        expect(await mirror()).toMatchObject([{ digest: image.digest }]);
        expect(published()).toEqual(image.bytes);
      }
    }
    expect(requests).toBeGreaterThan(10);
  });
});

describe("what is about an image", () => {
  it("that no rule selects stays where it is", async () => {
    const rules = [ruleOf({ tags: { include: ["v*"], exclude: [] } })];
    const { source, registry, mirror } = await setUp({ rules });
    const image = imageOf([partOf("private")]);
    const sbom = artifact({ subject: image });
    source.hold(SOURCE, image, "private");
    source.hold(SOURCE, sbom);

    expect(await mirror({ digest: sbom.digest })).toEqual([
      {
        outcome: "not-selected",
        digest: image.digest,
        reason: expect.stringContaining("mirror[0] leaves out the tag private"),
      },
    ]);
    expect(writesTo(registry)).toEqual([]);
  });

  it("that is gone is gone, too", async () => {
    const { source, registry, mirror } = await setUp();
    const sbom = artifact({ subject: imageOf([partOf("gone")]) });
    source.hold(SOURCE, sbom);

    expect(await mirror({ digest: sbom.digest })).toEqual([{ outcome: "gone", reference: { digest: sbom.digest } }]);
    expect(await mirror({ tag: `sha256-${"0".repeat(64)}.sig` })).toMatchObject([{ outcome: "gone" }]);
    expect(registry.requests).toEqual([]);
  });

  it("leads to it over four steps, and no more", async () => {
    const { source, mirror } = await setUp();
    const chain = [imageOf([partOf("image")])];
    for (let step = 0; step < 5; step++) chain.push(artifact({ subject: chain.at(-1) as TestImage, step }));
    const [image, , , , fourth, fifth] = chain;
    for (const one of chain) source.hold(SOURCE, one);
    source.hold(SOURCE, image as TestImage, "v1");

    expect(await mirror({ digest: fifth?.digest ?? "" })).toMatchObject([{ outcome: "not-selected" }]);
    expect(await mirror({ digest: fourth?.digest ?? "" })).toMatchObject([
      { outcome: "mirrored", digest: image?.digest },
    ]);
  });
});
