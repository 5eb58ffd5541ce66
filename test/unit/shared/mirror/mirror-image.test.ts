import { describe, expect, it } from "vitest";
import { type MirrorDeps, mirrorImage } from "#shared/mirror/mirror-image.ts";
import { imageOf, indexOf, partOf, type TestImage } from "../../../support/image-parts.ts";
import { ociError } from "../../../support/scripted-faults.ts";
import type { ScriptedRegistry } from "../../../support/scripted-registry.ts";
import { clientOf, startRegistry } from "../registry/set-up.ts";

const request = { repository: "team/web", tag: "v1", destination: "web" };

let made = 0;
function newImage(): TestImage {
  made += 1;
  const shared = partOf("shared by all");
  return indexOf([imageOf([shared, partOf(`amd ${made}`)]), imageOf([shared, partOf(`arm ${made}`)])]);
}

async function setUp(options: { remainingMs?: () => number } = {}) {
  const source = await startRegistry({ manners: "ecr" });
  const registry = await startRegistry({ manners: "ecr" });
  const calls: string[] = [];
  let exists = false;
  const deps: MirrorDeps = {
    source: clientOf(source),
    remainingMs: options.remainingMs ?? (() => 600_000),
    pause: async () => {},
    async destination(name, { create }) {
      calls.push(create ? `create ${name}` : `describe ${name}`);
      exists ||= create;
      if (!exists) return undefined;
      return {
        client: clientOf(registry),
        repository: `alias/${name}`,
        async layersPresent(digests) {
          calls.push("layers");
          return new Set(digests.filter((digest) => registry.repository("alias/web").blobs.has(digest)));
        },
      };
    },
  };
  const published = (tag = "v1") => registry.repository("alias/web").manifests.get(tag)?.bytes;
  return { source, registry, calls, deps, published };
}

const writesOf = ({ requests }: ScriptedRegistry) =>
  requests.filter(({ method }) => method !== "GET" && method !== "HEAD");

describe("an image", () => {
  it("is mirrored into a repository that is made for it, and its source tag is read again at the end", async () => {
    const { source, calls, deps, published } = await setUp();
    const image = newImage();
    source.hold("team/web", image, "v1");

    const outcome = await mirrorImage(deps, request);

    expect(outcome).toMatchObject({
      outcome: "mirrored",
      digest: image.digest,
      manifests: 3,
      blobs: 5,
      skippedBlobs: 0,
      skippedBytes: 0,
    });
    expect(published()).toEqual(image.bytes);
    expect(calls).toEqual(["describe web", "create web", "layers"]);
    expect(source.lines().at(0)).toBe("GET team/web/manifests/v1");
    expect(source.lines().at(-1)).toBe("HEAD team/web/manifests/v1");
  });

  it("that is there already is not written, and costs three requests", async () => {
    const { source, registry, calls, deps } = await setUp();
    const image = newImage();
    source.hold("team/web", image, "v1");
    await mirrorImage(deps, request);
    const before = [source, registry].map(({ requests }) => requests.length);
    calls.length = 0;

    const outcome = await mirrorImage(deps, request);

    expect(outcome).toEqual({ outcome: "unchanged", digest: image.digest });
    expect(source.lines().slice(before[0])).toEqual(["GET team/web/manifests/v1"]);
    expect(registry.lines().slice(before[1])).toEqual(["HEAD alias/web/manifests/v1"]);
    expect(calls).toEqual(["describe web"]);
  });

  it("whose public tag has another digest takes its place, and moves only what is new", async () => {
    const { source, deps, published } = await setUp();
    source.hold("team/web", newImage(), "v1");
    await mirrorImage(deps, request);
    const second = newImage();
    source.hold("team/web", second, "v1");

    const outcome = await mirrorImage(deps, request);

    expect(outcome).toMatchObject({ outcome: "mirrored", digest: second.digest, blobs: 4, skippedBlobs: 1 });
    expect(published()).toEqual(second.bytes);
  });

  it("whose tag is gone is nobody's work, and makes no repository", async () => {
    const { source, calls, deps } = await setUp();

    expect(await mirrorImage(deps, request)).toEqual({ outcome: "gone" });
    expect(source.requests).toHaveLength(1);
    expect(calls).toEqual([]);
  });

  it("that cannot be planned makes no repository", async () => {
    const { source, registry, calls, deps } = await setUp();
    const image = newImage();
    source.hold("team/web", image, "v1");
    source.repository("team/web").manifests.delete(image.children[1]?.digest ?? "");

    await expect(mirrorImage(deps, request)).rejects.toMatchObject({ code: "child-missing", permanent: true });
    expect(calls).toEqual(["describe web"]);
    expect(registry.requests).toEqual([]);
  });

  it("at a source that denies is no image that is gone", async () => {
    const { source, deps } = await setUp();
    source.on("GET", /manifests/, { answer: 403, body: ociError("DENIED", "not authorized") });

    await expect(mirrorImage(deps, request)).rejects.toMatchObject({ code: "registry-denied" });
  });

  it("for which no repository can be made is tried again later", async () => {
    const { source, deps } = await setUp();
    source.hold("team/web", newImage(), "v1");

    await expect(mirrorImage({ ...deps, destination: async () => undefined }, request)).rejects.toMatchObject({
      code: "destination-missing",
      permanent: false,
    });
  });
});

describe("a tag that moves", () => {
  it("while its image is copied is followed, and the counts are of both copies", async () => {
    const { source, registry, deps, published } = await setUp();
    const [first, second] = [newImage(), newImage()];
    source.hold("team/web", first, "v1");
    registry.on("PUT", /manifests\/v1/, { first: () => source.hold("team/web", second, "v1") });

    const outcome = await mirrorImage(deps, request);

    expect(outcome).toMatchObject({
      outcome: "mirrored",
      digest: second.digest,
      manifests: 3,
      blobs: 9,
      skippedBlobs: 1,
    });
    expect(published()).toEqual(second.bytes);
  });

  it("and whose old image is deleted meanwhile is followed too", async () => {
    const { source, registry, deps, published } = await setUp();
    const [first, second] = [newImage(), newImage()];
    source.hold("team/web", first, "v1");
    const lost = first.children[0]?.blobs.at(-1)?.digest ?? "";
    registry.on("POST", /./, {
      first() {
        source.repository("team/web").blobs.delete(lost);
        source.hold("team/web", second, "v1");
      },
    });

    expect(await mirrorImage(deps, request)).toMatchObject({ outcome: "mirrored", digest: second.digest });
    expect(published()).toEqual(second.bytes);
  });

  it("and is deleted while it is copied is gone", async () => {
    const { source, registry, deps, published } = await setUp();
    source.hold("team/web", newImage(), "v1");
    registry.on("POST", /./, {
      first() {
        source.repository("team/web").blobs.clear();
        source.repository("team/web").manifests.clear();
      },
    });

    expect(await mirrorImage(deps, request)).toEqual({ outcome: "gone" });
    expect(published()).toBeUndefined();
  });

  it("in every round is given back to the queue", async () => {
    const { source, registry, deps } = await setUp();
    source.hold("team/web", newImage(), "v1");
    registry.on("PUT", /manifests\/v1/, { first: () => source.hold("team/web", newImage(), "v1") }, 100);

    await expect(mirrorImage(deps, request)).rejects.toMatchObject({
      code: "source-tag-moving",
      permanent: false,
      message: "'team/web:v1' moved 3 times while it was copied",
    });
    expect(registry.lines().filter((line) => line.endsWith("/manifests/v1") && line.startsWith("PUT"))).toHaveLength(3);
  });

  it("ends in the newest digest although an older copy writes its tag last", async () => {
    const { source, registry, deps, published } = await setUp();
    const [older, newer] = [newImage(), newImage()];
    source.hold("team/web", older, "v1");
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    registry.on("PUT", /manifests\/v1/, { until: held });

    const slow = mirrorImage(deps, request);
    await expect.poll(() => registry.lines().at(-1)).toBe("PUT alias/web/manifests/v1");
    source.hold("team/web", newer, "v1");
    expect(await mirrorImage(deps, request)).toMatchObject({ outcome: "mirrored", digest: newer.digest });
    release();

    expect(await slow).toMatchObject({ outcome: "mirrored", digest: newer.digest });
    expect(published()).toEqual(newer.bytes);
  });
});

describe("a copy that did not end", () => {
  it("for want of time is a failure that the queue brings again, and then goes on where it ended", async () => {
    let remaining = 0.001;
    const { source, registry, deps, published } = await setUp({ remainingMs: () => remaining });
    const image = newImage();
    source.hold("team/web", image, "v1");
    await expect(mirrorImage(deps, request)).rejects.toMatchObject({
      code: "mirror-continues",
      permanent: false,
      message: expect.stringMatching(new RegExp(`^[1-5] layers \\(\\d+ bytes\\) of ${image.digest} are left`)),
    });
    expect(writesOf(registry).filter(({ path }) => path.includes("manifests"))).toEqual([]);
    remaining = 600_000;

    expect(await mirrorImage(deps, request)).toMatchObject({ outcome: "mirrored" });
    expect(published()).toEqual(image.bytes);
  });

  it("because of any request that fails is ended by the next, and no tag ever leads to less than a whole image", async () => {
    // Once through, to count the destination's requests; then once for each of them, cut before and after its work.
    const image = newImage();
    const whole = await setUp();
    whole.source.hold("team/web", image, "v1");
    await mirrorImage(whole.deps, request);
    const requests = whole.registry.requests.length;

    for (let n = 0; n < requests; n++) {
      for (const cut of ["before", "after"] as const) {
        const { source, registry, deps, published } = await setUp();
        source.hold("team/web", image, "v1");
        // Everything from the nth request on fails, as if the function had been killed there.
        let seen = 0;
        const isLate = { test: () => seen++ >= n };
        for (const method of ["POST", "PATCH", "PUT", "HEAD"]) registry.on(method, isLate, { cut }, 1_000);
        await mirrorImage(deps, request).catch(() => undefined);
        seen = Number.NEGATIVE_INFINITY;

        // The registry itself refuses a manifest before what it names: a tag that is there is whole.
        expect([undefined, image.bytes]).toContainEqual(published());
        expect(await mirrorImage(deps, request)).toMatchObject({ digest: image.digest });
        expect(published()).toEqual(image.bytes);
      }
    }
    expect(requests).toBeGreaterThan(10);
  });
});
