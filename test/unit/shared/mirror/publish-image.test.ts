import { describe, expect, it } from "vitest";
import { imageOf, indexOf, type Part, partOf, type TestImage, TYPE } from "../../../support/image-parts.ts";
import { plainSource } from "../../../support/plain-registries.ts";
import { clientOf } from "../registry/set-up.ts";
import {
  artifact,
  DESTINATION,
  linesOf,
  manifestsPut,
  newIndex,
  ruleOf,
  SOURCE,
  setUp,
  short,
  writesTo,
} from "./set-up.ts";

const DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

describe("an image that is public under its tags", () => {
  it("is not written, and costs two requests and the description of its repository", async () => {
    const { source, registry, deps, calls, mirror } = await setUp();
    const image = imageOf([partOf("layer")]);
    source.hold(SOURCE, image, "v1");
    // As at ECR, where the tags of an image come with its description.
    Object.assign(deps, { source: plainSource(clientOf(source)) });
    await mirror();
    const before = [source, registry].map(({ requests }) => requests.length);
    calls.length = 0;

    expect(await mirror()).toEqual([{ outcome: "unchanged", destination: "web", digest: image.digest, tags: ["v1"] }]);

    expect(source.lines().slice(before[0])).toEqual(["HEAD team/web/manifests/v1"]);
    expect(registry.lines().slice(before[1])).toEqual(["HEAD alias/web/manifests/v1"]);
    expect(calls).toEqual(["describe web"]);
  });

  it("gets another tag by one write, and no layer is read", async () => {
    const { source, registry, mirror, published } = await setUp();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");
    await mirror();
    source.hold(SOURCE, image, "v1.0");
    const before = registry.requests.length;

    expect(await mirror({ tag: "v1.0" })).toMatchObject([
      { outcome: "mirrored", tags: ["v1.0"], manifests: 0, blobs: 0, bytes: 0, skippedBlobs: 4 },
    ]);
    expect(
      registry
        .lines()
        .slice(before)
        .filter((line) => line.startsWith("P")),
    ).toEqual(["PUT alias/web/manifests/v1.0"]);
    expect(linesOf(source, "GET team/web/blobs/")).toHaveLength(4);
    expect(published("v1.0")).toEqual(image.bytes);
  });
});

describe("all tags of a digest that a rule selects", () => {
  it("travel together, whichever of them was pushed", async () => {
    const rules = [ruleOf({ tags: { include: ["v*", "stable"], exclude: ["v1-rc*"] } })];
    const { source, registry, mirror } = await setUp({ rules });
    const image = newIndex();
    source.hold(SOURCE, image, "v1", "v1.2", "stable", "v1-rc1", "build-77");

    expect(await mirror({ tag: "build-77" })).toMatchObject([
      { outcome: "mirrored", tags: ["v1", "v1.2", "stable"], manifests: 3 },
    ]);
    expect(manifestsPut(registry).slice(-4)).toEqual([short(image), "v1", "v1.2", "stable"]);
  });

  it("are written only where they are missing", async () => {
    const { source, registry, mirror } = await setUp();
    const [older, image] = [newIndex(), newIndex()];
    source.hold(SOURCE, older, "v1", "v1.2");
    await mirror();
    source.hold(SOURCE, image, "v1");
    await mirror();
    source.hold(SOURCE, image, "v1", "v1.2");
    const before = manifestsPut(registry).length;

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", tags: ["v1.2"], manifests: 0 }]);
    expect(manifestsPut(registry).slice(before)).toEqual(["v1.2"]);
  });
});

describe("a public tag that must not move", () => {
  const rules = [ruleOf({ immutable: ["v*"] })];

  async function published() {
    const set = await setUp({ rules });
    const [first, second] = [newIndex(), newIndex()];
    set.source.hold(SOURCE, first, "v1", "latest");
    await set.mirror();
    return { ...set, first, second };
  }

  it("is a conflict by name, with both digests, and nothing at all is written", async () => {
    const { source, registry, mirror, first, second } = await published();
    source.hold(SOURCE, second, "v1");
    const before = writesTo(registry).length;

    expect(await mirror()).toEqual([
      {
        outcome: "conflict",
        destination: "web",
        digest: second.digest,
        tags: ["v1"],
        conflicts: [{ tag: "v1", published: first.digest, pushed: second.digest }],
      },
    ]);
    expect(writesTo(registry).slice(before)).toEqual([]);
    expect(registry.repository(DESTINATION).manifests.get("v1")?.bytes).toEqual(first.bytes);
  });

  it("does not hold back the other tags of the digest", async () => {
    const { source, registry, mirror, first, second } = await published();
    source.hold(SOURCE, second, "v1", "v2", "latest");

    expect(await mirror()).toMatchObject([
      {
        outcome: "mirrored",
        tags: ["latest", "v2"],
        conflicts: [{ tag: "v1", published: first.digest, pushed: second.digest }],
      },
    ]);
    const { manifests } = registry.repository(DESTINATION);
    expect(["v1", "v2", "latest"].map((tag) => manifests.get(tag)?.bytes)).toEqual([
      first.bytes,
      second.bytes,
      second.bytes,
    ]);
  });

  it("is written the first time, and stays where it is for the same digest", async () => {
    const { source, mirror, first, second } = await published();

    expect(await mirror()).toMatchObject([{ outcome: "unchanged", digest: first.digest }]);
    source.hold(SOURCE, second, "v2");
    expect(await mirror({ tag: "v2" })).toMatchObject([{ outcome: "mirrored", tags: ["v2"], conflicts: [] }]);
  });

  it("that somebody else has written while the layers went over is left alone", async () => {
    const { source, registry, mirror, second } = await published();
    source.hold(SOURCE, second, "v2");
    const other = imageOf([partOf("other")]);
    registry.on("POST", /./, { first: () => registry.hold(DESTINATION, other, "v2") });

    expect(await mirror({ tag: "v2" })).toMatchObject([
      { outcome: "conflict", conflicts: [{ tag: "v2", published: other.digest, pushed: second.digest }] },
    ]);
    expect(registry.repository(DESTINATION).manifests.get("v2")?.bytes).toEqual(other.bytes);
  });
});

describe("a public repository", () => {
  it("is created with what its rule says, and with where it comes from", async () => {
    const repository = { description: "Services of team A", tags: { team: "a" } };
    const { source, created, mirror } = await setUp({ rules: [ruleOf({ repository })] });
    source.hold(SOURCE, newIndex(), "v1");

    await mirror();

    expect(created).toEqual(
      new Map([
        [
          "web",
          { description: "Services of team A", tags: { team: "a", "ecr-autopilot:source": `eu-west-1/${SOURCE}` } },
        ],
      ]),
    );
  });

  it("is not created for an image that cannot be planned", async () => {
    const { source, registry, calls, mirror } = await setUp();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");
    source.repository(SOURCE).manifests.delete(image.children[1]?.digest ?? "");

    await expect(mirror()).rejects.toMatchObject({ code: "child-missing", permanent: true });
    expect(calls).toEqual(["describe web"]);
    expect(registry.requests).toEqual([]);
  });

  it("that cannot be made brings the image back later", async () => {
    const { source, deps, mirror } = await setUp();
    source.hold(SOURCE, newIndex(), "v1");
    Object.assign(deps, { destination: async () => undefined });

    await expect(mirror()).rejects.toMatchObject({ code: "destination-missing", permanent: false });
  });
});

describe("what is published bit for bit", () => {
  const layer = partOf("layer");
  const amd = imageOf([layer]);
  const withMore = (image: TestImage, more: object): TestImage => {
    const text = JSON.stringify({ ...(JSON.parse(image.bytes.toString()) as object), ...more });
    return { ...image, ...partOf(text, image.mediaType) };
  };
  const spaced = { ...amd, ...partOf(`  ${amd.bytes.toString()}\n`, TYPE.image) };

  it.each<[string, TestImage]>([
    ["an OCI image", amd],
    ["a Docker image", imageOf([layer], DOCKER)],
    ["an OCI index", indexOf([amd, imageOf([partOf("arm")])])],
    ["a Docker list", indexOf([imageOf([layer], DOCKER)], DOCKER_LIST)],
    ["an index of indexes", indexOf([indexOf([amd]), imageOf([partOf("arm")])])],
    ["an index of nothing", indexOf([])],
    ["an artifact with an empty config and no layers", artifact({ artifactType: "application/vnd.example.note" })],
    ["an image with a layer of no bytes", imageOf([partOf(""), layer])],
    ["an image with one layer twice", imageOf([layer, layer])],
    ["a manifest in its own spacing", spaced],
    ["a manifest with members that nobody knows", withMore(amd, { annotations: { ä: "ü" }, unknown: [1.0, null] })],
  ])("%s", async (_, image) => {
    const { source, registry, mirror } = await setUp();
    source.hold(SOURCE, image, "v1");

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", digest: image.digest }]);

    const here = registry.repository(DESTINATION);
    expect(here.manifests.get("v1")).toEqual({ mediaType: image.mediaType, bytes: image.bytes });
    for (const [reference, { bytes, mediaType }] of source.repository(SOURCE).manifests) {
      expect(here.manifests.get(reference)).toEqual({ bytes, mediaType });
    }
    for (const [digest, blob] of source.repository(SOURCE).blobs) {
      expect(here.blobs.get(digest)?.read(0)).toEqual(blob.read(0));
    }
  });

  it("is nothing of schema 1", async () => {
    const { source, registry, mirror } = await setUp();
    const text = JSON.stringify({ schemaVersion: 1, name: "web", fsLayers: [], history: [] });
    const old: TestImage = {
      ...partOf(text, "application/vnd.docker.distribution.manifest.v1+prettyjws"),
      blobs: [],
      children: [],
    };
    source.hold(SOURCE, old, "v1");

    await expect(mirror()).rejects.toMatchObject({
      code: "manifest-invalid",
      permanent: true,
      message: expect.stringContaining("only 2 can be copied (Docker schema 1 is obsolete)"),
    });
    expect(writesTo(registry)).toEqual([]);
  });

  it("is nothing whose text is not what its digest says, before anything is written", async () => {
    const { source, registry, mirror } = await setUp();
    const index = newIndex();
    source.hold(SOURCE, index, "v1");
    const child = index.children[1] as Part;
    source.repository(SOURCE).manifests.set(child.digest, { mediaType: TYPE.image, bytes: Buffer.from("{}") });

    await expect(mirror()).rejects.toMatchObject({ code: "digest-mismatch", permanent: true });
    expect(writesTo(registry)).toEqual([]);
  });

  it("is hashed on the way where the rule says so", async () => {
    const { source, registry, mirror } = await setUp({ rules: [ruleOf({ verify: true })] });
    const image = imageOf([layer]);
    source.hold(SOURCE, image, "v1");
    source.repository(SOURCE).blobs.set(layer.digest, { size: 5, read: () => Buffer.from("other") });

    await expect(mirror()).rejects.toMatchObject({ code: "digest-mismatch", permanent: true });
    expect(manifestsPut(registry)).toEqual([]);
  });
});
