import { describe, expect, it } from "vitest";
import { isCompanionTag } from "#shared/policy/companion-tag.ts";

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
