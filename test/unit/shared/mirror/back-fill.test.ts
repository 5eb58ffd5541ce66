import { describe, expect, it } from "vitest";
import { backFill } from "#shared/mirror/back-fill.ts";
import type { AboutImage, TaggedImage } from "#shared/mirror/private-side.ts";
import type { PublicSide } from "#shared/mirror/public-side.ts";
import { selectImages } from "#shared/mirror/select-images.ts";
import type { MirrorRule } from "#shared/policy/schema.ts";
import { compiledRange, mirrorRule } from "../policy/support.ts";

const now = new Date("2026-06-15T12:00:00Z");
const DAY = 86_400_000;
const digest = (name: string) => `sha256:${Buffer.from(name).toString("hex").padStart(64, "0")}`;

/** An image that was pushed so many days ago. */
function image(name: string, tags: readonly string[], days = 1): TaggedImage {
  return { digest: digest(name), tags, pushedAt: new Date(now.getTime() - days * DAY) };
}

/** A public repository with these images under these tags. */
function publicSide(tags: Readonly<Record<string, string>>, present: readonly string[] = []): PublicSide {
  const repository = { name: "web", arn: "arn", uri: "host/alias/web" };
  const entries = Object.entries(tags).map(([tag, name]) => [tag, { digest: digest(name), pushedAt: now }] as const);
  return { repository, tags: new Map(entries), indexes: new Set(), present: new Set(present.map(digest)) };
}

interface Sides {
  readonly rule?: Parameters<typeof mirrorRule>[2];
  readonly there?: PublicSide;
  readonly about?: readonly AboutImage[];
}

function missingOf(images: readonly TaggedImage[], { rule = {}, there, about = [] }: Sides = {}) {
  const mirror: MirrorRule[] = [mirrorRule("team/web", "web", rule)];
  const { selected } = selectImages({ mirror }, { repository: "team/web", images });
  const keeping = rule.retention === undefined ? undefined : mirror[0];
  const found = backFill({ policy: { mirror }, side: { about }, selected, there, keeping, now });
  return {
    conflicts: found.conflicts,
    missing: found.missing.map(({ reference, tags }) => [
      "tag" in reference ? reference.tag : reference.digest,
      ...tags,
    ]),
  };
}

describe("a back-fill", () => {
  it("asks for each image once, the oldest first, with the tags that the rule selects", () => {
    const { missing } = missingOf(
      [image("new", ["v2"], 1), image("old", ["v1", "v1.0", "dev"], 9), image("dev", ["dev-2"])],
      { rule: { tags: { include: ["v*"] } } },
    );

    expect(missing).toEqual([
      [digest("old"), "v1", "v1.0"],
      [digest("new"), "v2"],
    ]);
  });

  it("asks for nothing that is public, and for a tag that has moved or is missing beside another", () => {
    const there = publicSide({ v1: "one", v2: "other", v3: "three" });

    const { missing } = missingOf([image("one", ["v1"]), image("two", ["v2"]), image("three", ["v3", "v3.0"])], {
      there,
    });

    expect(missing).toEqual([
      [digest("two"), "v2"],
      [digest("three"), "v3.0"],
    ]);
  });

  it("asks for the newest alone where the rule says so, by time or by version", () => {
    const images = [image("a", ["1.10.0"], 9), image("b", ["1.9.0"], 1), image("c", ["1.8.0"], 2)];

    expect(missingOf(images, { rule: { tags: { latest: 1 } } }).missing).toEqual([[digest("b"), "1.9.0"]]);
    expect(missingOf(images, { rule: { tags: { latest: 1, semver: compiledRange(">=1") } } }).missing).toEqual([
      [digest("a"), "1.10.0"],
    ]);
  });

  it("tells a tag that must stay another image as a conflict", () => {
    const there = publicSide({ v1: "other", latest: "other" });

    const { missing, conflicts } = missingOf([image("one", ["v1", "latest"])], { there, rule: { immutable: ["v*"] } });

    expect(missing).toEqual([[digest("one"), "latest"]]);
    expect(conflicts).toEqual([{ tag: "v1", published: digest("other"), pushed: digest("one") }]);
  });

  it("asks in doubt where the rule takes some platforms only", () => {
    const rule = { platforms: ["linux/amd64"], immutable: ["v*"] };

    const { missing, conflicts } = missingOf([image("one", ["v1"])], { there: publicSide({ v1: "lean" }), rule });

    expect(missing).toEqual([[digest("one"), "v1"]]);
    expect(conflicts).toEqual([]);
  });

  it.each([
    ["newest", [{ tags: "v*", newest: 1 }], [[digest("two"), "v2"]]],
    ["days", [{ tags: "v*", days: 30 }], [[digest("two"), "v2"]]],
    [
      "no entry for the tag",
      [{ tags: "x*", newest: 1 }],
      [
        [digest("one"), "v1"],
        [digest("two"), "v2"],
      ],
    ],
  ])("does not ask for what retention would take away again: %s", (_what, retention, expected) => {
    const { missing } = missingOf([image("one", ["v1"], 40), image("two", ["v2"], 1)], { rule: { retention } });

    expect(missing).toEqual(expected);
  });

  it("counts what is public when it asks what retention would take away again", () => {
    const there = publicSide({ v2: "two" });

    const { missing } = missingOf([image("one", ["v1"], 40), image("two", ["v2"], 1)], {
      there,
      rule: { retention: [{ tags: "v*", newest: 1 }] },
    });

    expect(missing).toEqual([]);
  });
});

describe("what is about a published image", () => {
  const images = [image("one", ["v1"])];
  const signature = { subject: digest("one"), digest: digest("sig"), tag: "sha256-one.sig" };
  const sbom = { subject: digest("one"), digest: digest("sbom"), tag: undefined };

  it("is asked for where its public counterpart is missing or another one, once for each image", () => {
    const there = publicSide({ v1: "one" });
    const stale = publicSide({ v1: "one", "sha256-one.sig": "older" }, ["sbom"]);

    expect(missingOf(images, { there, about: [signature, sbom] }).missing).toEqual([["sha256-one.sig"]]);
    expect(missingOf(images, { there, about: [sbom] }).missing).toEqual([[digest("sbom")]]);
    expect(missingOf(images, { there: stale, about: [sbom, signature] }).missing).toEqual([["sha256-one.sig"]]);
  });

  it("is not asked for where it is public", () => {
    const there = publicSide({ v1: "one", "sha256-one.sig": "sig" }, ["sbom"]);

    expect(missingOf(images, { there, about: [signature, sbom] }).missing).toEqual([]);
  });

  it("travels with an image that is asked for anyway, and stays with one that nobody selects", () => {
    const there = publicSide({});
    const stranger = { ...sbom, subject: digest("stranger") };

    expect(missingOf(images, { there, about: [signature, sbom] }).missing).toEqual([[digest("one"), "v1"]]);
    expect(missingOf(images, { there: publicSide({ v1: "one" }), about: [stranger] }).missing).toEqual([]);
  });

  it("is found through what it is about itself", () => {
    const attested = { subject: digest("sbom"), digest: digest("sbom-sig"), tag: undefined };

    const there = publicSide({ v1: "one" }, ["sbom"]);

    expect(missingOf(images, { there, about: [sbom, attested] }).missing).toEqual([[digest("sbom-sig")]]);
  });
});
