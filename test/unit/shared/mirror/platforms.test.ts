import { describe, expect, it } from "vitest";
import { descriptorOf, imageOf, type Part, partOf, type TestImage, TYPE } from "../../../support/image-parts.ts";
import { DESTINATION, ruleOf, SOURCE, setUp, writesTo } from "./set-up.ts";

describe("an image of which only some platforms are published", () => {
  const linux = (architecture: string, variant?: string) => ({
    os: "linux",
    architecture,
    ...(variant && { variant }),
  });
  const [amd, arm, arm7] = [imageOf([partOf("amd")]), imageOf([partOf("arm")]), imageOf([partOf("arm7")])];
  const about = (image: Part) => imageOf([partOf(`about ${image.digest}`, "application/vnd.in-toto+json")]);
  const attested = (image: Part) => ({
    platform: { os: "unknown", architecture: "unknown" },
    annotations: { "vnd.docker.reference.digest": image.digest, "vnd.docker.reference.type": "attestation-manifest" },
  });
  const children = [
    [amd, { platform: linux("amd64") }],
    [arm, { platform: linux("arm64", "v8") }],
    [arm7, { platform: linux("arm", "v7") }],
    [about(amd), attested(amd)],
    [about(arm), attested(arm)],
  ] as const;
  const text = {
    schemaVersion: 2,
    mediaType: TYPE.index,
    manifests: children.map(([child, more]) => ({ ...descriptorOf(child), ...more })),
    annotations: { kept: "as it is" },
  };
  const index: TestImage = {
    ...partOf(JSON.stringify(text, undefined, 2), TYPE.index),
    blobs: [],
    children: children.map(([child]) => child),
  };

  it("has a digest of its own, the same every time, and attestations follow their image", async () => {
    const digests: string[] = [];
    for (const platforms of [["linux/arm64"], ["linux/arm64", "windows/amd64"]]) {
      const { source, registry, mirror, published } = await setUp({ rules: [ruleOf({ platforms })] });
      source.hold(SOURCE, index, "v1");

      const [outcome] = await mirror();

      expect(outcome).toMatchObject({ outcome: "mirrored", manifests: 3, blobs: 4 });
      const bytes = published() ?? Buffer.alloc(0);
      expect(JSON.parse(bytes.toString())).toEqual({ ...text, manifests: [text.manifests[1], text.manifests[4]] });
      expect(outcome).toMatchObject({ digest: partOf(bytes).digest });
      expect(registry.repository(DESTINATION).manifests.has(amd.digest)).toBe(false);
      digests.push(partOf(bytes).digest);
    }
    expect(new Set(digests).size).toBe(1);
  });

  it("is unchanged the second time", async () => {
    const { source, registry, mirror } = await setUp({ rules: [ruleOf({ platforms: ["linux/amd64"] })] });
    source.hold(SOURCE, index, "v1");
    const [first] = await mirror();
    const before = writesTo(registry).length;

    expect(await mirror()).toEqual([
      { outcome: "unchanged", destination: "web", digest: (first as { digest: string }).digest, tags: ["v1"] },
    ]);
    expect(writesTo(registry)).toHaveLength(before);
  });

  it.each([
    ["nothing is left out", { platforms: ["linux/amd64", "linux/arm64", "linux/arm/v7"] }, index],
    ["no platforms are asked for", {}, index],
    ["it is no index", { platforms: ["linux/arm64"] }, amd],
  ])("is published bit for bit where %s", async (_, more, image) => {
    const { source, mirror, published } = await setUp({ rules: [ruleOf(more)] });
    source.hold(SOURCE, image, "v1");

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", digest: image.digest }]);
    expect(published()).toEqual(image.bytes);
  });

  it("is refused where none of them is there", async () => {
    const { source, registry, mirror } = await setUp({ rules: [ruleOf({ platforms: ["windows/amd64"] })] });
    source.hold(SOURCE, index, "v1");

    await expect(mirror()).rejects.toMatchObject({
      code: "platform-missing",
      permanent: true,
      message: `the index ${index.digest} has no image for windows/amd64`,
    });
    expect(registry.requests).toEqual([]);
  });
});
