import { describe, expect, it } from "vitest";
import { collectAccessories } from "#shared/mirror/accessories.ts";
import { newSigner, signatureImage } from "../../../support/cosign.ts";
import { imageOf, indexOf, partOf, type TestImage } from "../../../support/image-parts.ts";
import { plainSource } from "../../../support/plain-registries.ts";
import { clientOf, startRegistry } from "../registry/set-up.ts";
import {
  artifact,
  fallbackTag,
  holdReferrers,
  manifestsPut,
  newIndex,
  note,
  platformIndex,
  referrersOf,
  ruleOf,
  SOURCE,
  setUp,
  short,
  sigTag,
} from "./set-up.ts";

const signer = newSigner();

describe("what is about an image", () => {
  it("by its subject becomes public after the image and before its tags, and is listed there", async () => {
    const { source, registry, mirror, published } = await setUp();
    const image = newIndex();
    const [sbom, proof] = [note(image, "sbom"), note(image, "proof")];
    source.hold(SOURCE, image, "v1");
    holdReferrers(source, image, sbom, proof);

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", tags: ["v1"], manifests: 5, blobs: 6 }]);

    expect(manifestsPut(registry)).toEqual([
      ...[...image.children, image, sbom].map(short),
      fallbackTag(image),
      short(proof),
      fallbackTag(image),
      "v1",
    ]);
    expect(await referrersOf(registry, image)).toEqual([sbom.digest, proof.digest]);
    for (const one of [sbom, proof]) expect(published(one.digest)).toEqual(one.bytes);
  });

  it("by cosign's tags becomes public under the same tags, before those of the image", async () => {
    const { source, registry, mirror, published } = await setUp();
    const image = newIndex();
    const companions = [".sig", ".att", ".sbom"].map(
      (suffix) => [fallbackTag(image) + suffix, imageOf([partOf(suffix)])] as const,
    );
    source.hold(SOURCE, image, "v1");
    for (const [tag, companion] of companions) source.hold(SOURCE, companion, tag);

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", tags: ["v1"], manifests: 6 }]);

    expect(manifestsPut(registry).slice(-4)).toEqual([...companions.map(([tag]) => tag), "v1"]);
    for (const [tag, { bytes }] of companions) expect(published(tag)).toEqual(bytes);
  });

  it("that has something about it in turn comes with that, after it", async () => {
    const { source, registry, mirror } = await setUp();
    const image = imageOf([partOf("image")]);
    const sbom = note(image, "sbom");
    const proof = note(sbom, "proof of the sbom");
    const signature = signatureImage([signer], proof);
    source.hold(SOURCE, image, "v1");
    holdReferrers(source, image, sbom);
    holdReferrers(source, sbom, proof);
    source.hold(SOURCE, signature, sigTag(proof));

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", manifests: 4 }]);

    const order = manifestsPut(registry);
    expect(order).toEqual([
      ...[short(image), short(sbom), fallbackTag(image), short(proof), fallbackTag(sbom)],
      ...[sigTag(proof), "v1"],
    ]);
  });

  it("that is about a child of an index comes, too", async () => {
    const { source, registry, mirror, published } = await setUp();
    const image = newIndex();
    const [amd, arm] = image.children as [TestImage, TestImage];
    const [signature, sbom] = [signatureImage([signer], amd), note(arm, "sbom")];
    source.hold(SOURCE, image, "v1");
    source.hold(SOURCE, signature, sigTag(amd));
    holdReferrers(source, arm, sbom);

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", manifests: 5 }]);
    expect(published(sigTag(amd))).toEqual(signature.bytes);
    expect(await referrersOf(registry, arm)).toEqual([sbom.digest]);
  });

  it("that is an index comes with its children", async () => {
    const { source, registry, mirror, published } = await setUp();
    const image = imageOf([partOf("image")]);
    const parts = indexOf([imageOf([partOf("one")]), imageOf([partOf("two")])]);
    source.hold(SOURCE, image, "v1");
    source.hold(SOURCE, parts, `${fallbackTag(image)}.att`);

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", manifests: 4 }]);
    expect(manifestsPut(registry)).toEqual([
      ...[image, ...parts.children].map(short),
      `${fallbackTag(image)}.att`,
      "v1",
    ]);
    expect(published(`${fallbackTag(image)}.att`)).toEqual(parts.bytes);
  });

  it("by subject and by tag is under both", async () => {
    const { source, registry, mirror, published } = await setUp();
    const image = imageOf([partOf("image")]);
    const signature = signatureImage([signer], image, { referrer: true });
    source.hold(SOURCE, image, "v1");
    source.hold(SOURCE, signature, sigTag(image));
    holdReferrers(source, image, signature);

    await mirror();

    expect(published(sigTag(image))).toEqual(signature.bytes);
    expect(await referrersOf(registry, image)).toEqual([signature.digest]);
  });

  it("of a platform that is left out stays private", async () => {
    const { source, registry, mirror } = await setUp({ rules: [ruleOf({ platforms: ["linux/amd64"] })] });
    const [amd, arm] = [imageOf([partOf("amd")]), imageOf([partOf("arm")])];
    const index = platformIndex([amd, "amd64"], [arm, "arm64"]);
    source.hold(SOURCE, index, "v1");
    const kept = signatureImage([signer], amd);
    source.hold(SOURCE, kept, sigTag(amd));
    source.hold(SOURCE, signatureImage([signer], arm), sigTag(arm));
    holdReferrers(source, index, note(index, "about all of it"));

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", manifests: 3 }]);
    expect(manifestsPut(registry)).toEqual([short(amd), expect.not.stringMatching(short(index)), sigTag(amd), "v1"]);
  });
});

describe("looking for what is about a digest", () => {
  it("ends where a tag leads to its own subject", async () => {
    const registry = await startRegistry();
    const image = imageOf([partOf("image")]);
    registry.hold(SOURCE, image, sigTag(image));

    const found = await collectAccessories(plainSource(clientOf(registry)), SOURCE, [image.digest]);

    expect(found).toMatchObject([{ subject: image.digest, tag: sigTag(image), root: { digest: image.digest } }]);
  });

  it("passes over what was deleted since it was listed", async () => {
    const registry = await startRegistry();
    const image = imageOf([partOf("image")]);
    const [kept, deleted] = [note(image, "kept"), note(image, "deleted")];
    registry.hold(SOURCE, image);
    holdReferrers(registry, image, deleted, kept);
    registry.repository(SOURCE).manifests.delete(deleted.digest);

    const found = await collectAccessories(plainSource(clientOf(registry)), SOURCE, [image.digest]);

    expect(found).toMatchObject([{ subject: image.digest, tag: undefined, root: { digest: kept.digest } }]);
  });

  it.each([
    [500, true],
    [501, false],
  ])("takes %d referrers: %s", async (count, taken) => {
    const registry = await startRegistry();
    const image = imageOf([partOf("image")]);
    const notes = Array.from({ length: count }, (_, n) => artifact({ subject: image, n }));
    registry.hold(SOURCE, image);
    holdReferrers(registry, image, ...notes);
    // One level: what is about them would be asked for one by one.
    const source = { ...plainSource(clientOf(registry)), manifestsOfTags: async () => new Map() };
    const referrers: typeof source.referrers = async (repository, digest) =>
      digest === image.digest ? clientOf(registry).listReferrers(repository, digest) : [];

    const collecting = collectAccessories({ ...source, referrers }, SOURCE, [image.digest]);

    if (taken) expect(await collecting).toHaveLength(count);
    else {
      await expect(collecting).rejects.toMatchObject({
        code: "image-too-large",
        permanent: true,
        message: `more than 500 manifests refer to ${image.digest}`,
      });
    }
  });

  it("takes manifests of 32 MiB together at most, and stops reading there", async () => {
    const registry = await startRegistry();
    const image = imageOf([partOf("image")]);
    const notes = Array.from({ length: 12 }, (_, n) => artifact({ subject: image, n, filler: "x".repeat(4_000_000) }));
    registry.hold(SOURCE, image);
    holdReferrers(registry, image, ...notes);

    await expect(collectAccessories(plainSource(clientOf(registry)), SOURCE, [image.digest])).rejects.toMatchObject({
      code: "image-too-large",
      permanent: true,
      message: `the manifests that refer to ${image.digest} have more than 33554432 bytes`,
    });
    // Twelve, and the list of them, had it gone on.
    expect(registry.lines().filter((line) => line.startsWith("GET team/web/manifests/")).length).toBeLessThan(12);
  });
});
