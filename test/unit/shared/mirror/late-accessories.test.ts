import { describe, expect, it } from "vitest";
import { newSigner, signatureImage } from "../../../support/cosign.ts";
import { imageOf, partOf, type TestImage } from "../../../support/image-parts.ts";
import {
  DESTINATION,
  fallbackTag,
  holdReferrers,
  manifestsPut,
  newIndex,
  note,
  referrersOf,
  ruleOf,
  SOURCE,
  setUp,
  short,
  sigTag,
  writesTo,
} from "./set-up.ts";

const signer = newSigner();

describe("what is about an image that is public", () => {
  async function published() {
    const set = await setUp();
    const image = newIndex();
    const sbom = note(image, "sbom");
    set.source.hold(SOURCE, image, "v1", "latest");
    set.source.hold(SOURCE, imageOf([partOf("first signature")]), sigTag(image));
    holdReferrers(set.source, image, sbom);
    await set.mirror();
    const before = writesTo(set.registry).length;
    return { ...set, image, sbom, since: () => writesTo(set.registry).slice(before) };
  }

  it("is not sent again", async () => {
    const { mirror, image, sbom, since } = await published();

    expect(await mirror({ tag: sigTag(image) })).toMatchObject([{ outcome: "unchanged", digest: image.digest }]);
    expect(await mirror({ digest: sbom.digest })).toMatchObject([{ outcome: "unchanged", digest: image.digest }]);
    expect(await mirror({ tag: fallbackTag(image) })).toMatchObject([{ outcome: "unchanged", digest: image.digest }]);
    expect(since()).toEqual([]);
  });

  it("follows it when it comes by a tag, and the image is not written again", async () => {
    const { source, mirror, image, since, published: text } = await published();
    const attestation = imageOf([partOf("late")]);
    const tag = `${fallbackTag(image)}.att`;
    source.hold(SOURCE, attestation, tag);

    expect(await mirror({ tag })).toMatchObject([
      { outcome: "mirrored", digest: image.digest, tags: [], manifests: 1, blobs: 2, skippedBlobs: expect.any(Number) },
    ]);
    expect(since().filter((line) => line.includes("manifests"))).toEqual([`PUT ${DESTINATION}/manifests/${tag}`]);
    expect(text(tag)).toEqual(attestation.bytes);
  });

  it("follows it when it comes by its subject", async () => {
    const { source, registry, mirror, image, sbom, since } = await published();
    const late = note(image, "late");
    holdReferrers(source, image, sbom, late);

    expect(await mirror({ digest: late.digest })).toMatchObject([{ outcome: "mirrored", tags: [], manifests: 1 }]);
    expect(since().filter((line) => line.includes("manifests"))).toEqual([
      `PUT ${DESTINATION}/manifests/${short(late)}`,
      `PUT ${DESTINATION}/manifests/${fallbackTag(image)}`,
    ]);
    expect(await referrersOf(registry, image)).toEqual([sbom.digest, late.digest]);
  });

  it("follows it when it is about something that is about the image", async () => {
    const { source, mirror, sbom, published: text } = await published();
    const signature = signatureImage([signer], sbom);
    source.hold(SOURCE, signature, sigTag(sbom));

    expect(await mirror({ tag: sigTag(sbom) })).toMatchObject([{ outcome: "mirrored", tags: [], manifests: 1 }]);
    expect(text(sigTag(sbom))).toEqual(signature.bytes);
  });

  it("follows it when it is about a child that has no tag", async () => {
    const { source, mirror, image, published: text } = await published();
    const [child] = image.children as [TestImage];
    const signature = signatureImage([signer], child);
    source.hold(SOURCE, signature, sigTag(child));

    expect(await mirror({ tag: sigTag(child) })).toMatchObject([
      { outcome: "mirrored", digest: image.digest, tags: [], manifests: 1 },
    ]);
    expect(text(sigTag(child))).toEqual(signature.bytes);
  });

  it("takes the place of an older one under its tag", async () => {
    const { source, mirror, image, published: text } = await published();
    const second = imageOf([partOf("second signature")]);
    source.hold(SOURCE, second, sigTag(image));

    expect(await mirror({ tag: sigTag(image) })).toMatchObject([{ outcome: "mirrored", tags: [], manifests: 1 }]);
    expect(text(sigTag(image))).toEqual(second.bytes);
  });

  it("is not looked for where nothing new has come: the image's own push costs no more for it", async () => {
    const { source, mirror, image } = await published();
    const before = source.requests.length;

    expect(await mirror()).toMatchObject([{ outcome: "unchanged", digest: image.digest }]);
    expect(
      source
        .lines()
        .slice(before)
        .filter((line) => !line.startsWith("HEAD")),
    ).toEqual([]);
  });

  it("stays private where the image's tag must not move to it", async () => {
    const { source, registry, mirror } = await setUp({ rules: [ruleOf({ immutable: ["v*"] })] });
    const [first, second] = [newIndex(), newIndex()];
    source.hold(SOURCE, first, "v1");
    await mirror();
    const before = writesTo(registry).length;
    source.hold(SOURCE, second, "v1");
    source.hold(SOURCE, imageOf([partOf("of the second")]), sigTag(second));

    expect(await mirror({ tag: sigTag(second) })).toMatchObject([{ outcome: "conflict" }]);
    expect(writesTo(registry).slice(before)).toEqual([]);
  });
});

describe("a referrer whose list was not written any more", () => {
  it("is listed by the next one, whoever brings it", async () => {
    const { source, registry, mirror } = await setUp();
    const image = newIndex();
    const sbom = note(image, "sbom");
    source.hold(SOURCE, image, "v1");
    holdReferrers(source, image, sbom);
    let isCut = true;
    const list = { test: (path: string) => isCut && path.endsWith(`manifests/${fallbackTag(image)}`) };
    registry.on("PUT", list, { cut: "before" }, 1_000);
    await expect(mirror()).rejects.toMatchObject({ code: "registry-unreachable" });
    isCut = false;
    expect(manifestsPut(registry)).toContain(short(sbom));
    expect(await referrersOf(registry, image)).toEqual([]);

    expect(await mirror()).toMatchObject([{ outcome: "mirrored", tags: ["v1"], manifests: 1, blobs: 0 }]);
    expect(await referrersOf(registry, image)).toEqual([sbom.digest]);
    expect(manifestsPut(registry).at(-1)).toBe("v1");
  });
});
