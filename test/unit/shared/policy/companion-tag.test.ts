import { describe, expect, it } from "vitest";
import { isCompanionTag, subjectOfTag, tagsOfSubject } from "#shared/policy/companion-tag.ts";

const hex = "0a".repeat(32);

describe("isCompanionTag", () => {
  it.each([`sha256-${hex}`, `sha256-${hex}.sig`, `sha256-${hex}.att`, `sha256-${hex}.sbom`])("knows %s", (tag) => {
    expect(isCompanionTag(tag)).toBe(true);
  });

  it.each([
    "v1",
    `sha256-${hex}.txt`,
    `sha256-${hex}.sig2`,
    `x-sha256-${hex}`,
    `sha256-${hex.slice(1)}`,
    "sha256-short.sig",
  ])("takes %s for a tag like others", (tag) => {
    expect(isCompanionTag(tag)).toBe(false);
  });
});

describe("a tag", () => {
  const hex = "0123456789abcdef".repeat(4);

  it.each([
    [`sha256-${hex}.sig`, "signature"],
    [`sha256-${hex}.att`, "attestation"],
    [`sha256-${hex}.sbom`, "sbom"],
    [`sha256-${hex}`, "referrers"],
  ])("%s names its subject", (tag, kind) => {
    expect(subjectOfTag(tag)).toEqual({ digest: `sha256:${hex}`, kind });
  });

  it.each([
    "latest",
    "",
    `sha256:${hex}`,
    `sha256-${hex.slice(1)}`,
    `sha256-${hex}a`,
    `sha256-${hex.toUpperCase()}`,
    `sha256-${hex}.sign`,
    `sha256-${hex}.sig\n`,
    `x-sha256-${hex}.sig`,
    `sha512-${hex}.sig`,
  ])("%j names none", (tag) => {
    expect(subjectOfTag(tag)).toBeUndefined();
  });

  it("is one of four for each subject, and leads back to it", () => {
    const tags = tagsOfSubject(`sha256:${hex}`);

    expect(tags).toEqual([`sha256-${hex}.sig`, `sha256-${hex}.att`, `sha256-${hex}.sbom`, `sha256-${hex}`]);
    expect(tags.map((tag) => subjectOfTag(tag)?.digest)).toEqual(Array(4).fill(`sha256:${hex}`));
  });
});
