import { describe, expect, it } from "vitest";
import { planImage } from "#shared/mirror/plan.ts";
import { descriptorOf, imageOf, indexOf, partOf, type TestImage, TYPE } from "../../../support/image-parts.ts";
import { clientOf, startRegistry } from "../registry/set-up.ts";

const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
const DOCKER = "application/vnd.docker.distribution.manifest.v2+json";

async function plan(image: TestImage, forget: readonly string[] = []) {
  const source = await startRegistry();
  source.hold("web", image);
  for (const digest of forget) source.repository("web").manifests.delete(digest);
  return { source, plan: planImage(clientOf(source), "web", image) };
}

/** A text as a root that nobody has parsed. */
const rootOf = (text: unknown): TestImage => ({
  ...partOf(typeof text === "string" ? text : JSON.stringify(text), TYPE.image),
  blobs: [],
  children: [],
});

function withPlatforms(children: readonly (readonly [TestImage, object | undefined])[]): TestImage {
  const manifests = children.map(([child, platform]) => ({ ...descriptorOf(child), ...(platform && { platform }) }));
  const text = { schemaVersion: 2, mediaType: TYPE.index, manifests };
  return { ...partOf(JSON.stringify(text), TYPE.index), blobs: [], children: children.map(([child]) => child) };
}

describe("a plan", () => {
  const shared = partOf("shared");
  const [amd, arm] = [imageOf([shared, partOf("amd")]), imageOf([shared, partOf("arm")])];

  it("of one image needs no request beyond the root", async () => {
    const { source, plan: planned } = await plan(amd);

    expect(await planned).toEqual({
      repository: "web",
      digest: amd.digest,
      manifests: [{ ...amd }],
      blobs: amd.blobs.map(descriptorOf),
      runnable: [amd.digest],
    });
    expect(source.requests).toEqual([]);
  });

  it("of an index has the children before it, in its order, and shared layers once", async () => {
    const index = indexOf([amd, arm]);

    const { manifests, blobs } = await (await plan(index)).plan;

    expect(manifests.map(({ digest }) => digest)).toEqual([amd.digest, arm.digest, index.digest]);
    expect(manifests.map(({ bytes }) => bytes)).toEqual([amd.bytes, arm.bytes, index.bytes]);
    expect(blobs.map(({ digest }) => digest).sort()).toEqual(
      [...new Set([...amd.blobs, ...arm.blobs].map(({ digest }) => digest))].sort(),
    );
  });

  it("of an index of indexes has every child once, before all that name it", async () => {
    const inner = indexOf([amd, arm]);
    const outer = indexOf([inner, amd, indexOf([arm])]);

    const { source, plan: planned } = await plan(outer);
    const digests = (await planned).manifests.map(({ digest }) => digest);

    expect(digests).toEqual([amd, arm, inner, indexOf([arm]), outer].map(({ digest }) => digest));
    expect(source.requests).toHaveLength(4);
  });

  it("reads children by digest", async () => {
    const { source, plan: planned } = await plan(indexOf([amd, arm]));
    await planned;

    expect(source.requests.map(({ path }) => path).sort()).toEqual(
      [amd, arm].map(({ digest }) => `web/manifests/${digest}`).sort(),
    );
  });

  it("takes Docker's types as they are", async () => {
    const list = indexOf([imageOf([shared], DOCKER)], DOCKER_LIST);

    expect((await (await plan(list)).plan).manifests.map(({ mediaType }) => mediaType)).toEqual([DOCKER, DOCKER_LIST]);
  });

  it("gives a manifest without a type of its own that of the response", async () => {
    const config = partOf("{}", TYPE.config);
    const root = rootOf({ schemaVersion: 2, config: descriptorOf(config), layers: [] });

    expect((await (await plan(root)).plan).manifests).toMatchObject([{ mediaType: TYPE.image }]);
  });
});

describe("what a scan looks at", () => {
  it("is all images under an index, and neither the indexes nor attestations", async () => {
    const [amd, arm] = [imageOf([partOf("amd")]), imageOf([partOf("arm")])];
    const attestation = imageOf([partOf("statement", "application/vnd.in-toto+json")]);
    const unknown = { os: "unknown", architecture: "unknown" };
    const linux = (architecture: string) => ({ os: "linux", architecture });
    const inner = withPlatforms([
      [arm, linux("arm64")],
      [attestation, unknown],
    ]);

    const { runnable } = await (
      await plan(
        withPlatforms([
          [amd, linux("amd64")],
          [inner, undefined],
        ]),
      )
    ).plan;

    expect(runnable).toEqual([amd.digest, arm.digest]);
  });

  it("is an image all the same that only says of itself that it is no image", async () => {
    const hidden = imageOf([partOf("hidden")]);
    const unknown = { os: "unknown", architecture: "unknown" };
    const inner = withPlatforms([[hidden, { os: "linux", architecture: "amd64" }]]);

    expect((await (await plan(withPlatforms([[hidden, unknown]]))).plan).runnable).toEqual([hidden.digest]);
    expect((await (await plan(withPlatforms([[inner, unknown]]))).plan).runnable).toEqual([hidden.digest]);
  });
});

describe("a plan is refused", () => {
  const layer = partOf("layer");
  it("for a child that the repository does not hold", async () => {
    const child = imageOf([layer]);
    const index = indexOf([child]);

    await expect((await plan(index, [child.digest])).plan).rejects.toMatchObject({
      code: "child-missing",
      permanent: true,
      message: `the index ${index.digest} names ${child.digest}, which 'web' does not hold`,
    });
  });

  it("for a child that does not parse, which it names", async () => {
    const child = rootOf({ schemaVersion: 1 });

    await expect((await plan(indexOf([child]))).plan).rejects.toMatchObject({
      code: "manifest-invalid",
      permanent: true,
      message: `${child.digest}: the manifest has schemaVersion 1; only 2 can be copied (Docker schema 1 is obsolete)`,
    });
  });

  it("for indexes that are nested without measure", async () => {
    let nested = indexOf([imageOf([layer])]);
    for (let depth = 1; depth < 4; depth++) nested = indexOf([nested]);
    expect((await (await plan(nested)).plan).manifests).toHaveLength(5);

    const tooDeep = indexOf([nested]);

    await expect((await plan(tooDeep)).plan).rejects.toMatchObject({
      code: "manifest-invalid",
      message: `the index ${tooDeep.digest} is nested more than 4 deep`,
    });
  });

  it("for more manifests than can be held", async () => {
    const child = (n: number): TestImage => {
      const text = { schemaVersion: 2, mediaType: TYPE.image, config: descriptorOf(partOf("{}")), layers: [], n };
      return rootOf(JSON.stringify(text).padEnd(4 * 1024 * 1024));
    };
    const index = indexOf(Array.from({ length: 8 }, (_, n) => child(n)));

    await expect((await plan(index)).plan).rejects.toMatchObject({ code: "image-too-large", permanent: true });
  });
});
