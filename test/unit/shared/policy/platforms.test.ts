import { describe, expect, it } from "vitest";
import { matchesPlatform } from "#shared/policy/platforms.ts";

describe("matchesPlatform", () => {
  it("takes everything without a list, even what tells no platform", () => {
    expect(matchesPlatform(undefined, { os: "linux", architecture: "amd64" })).toBe(true);
    expect(matchesPlatform(undefined, undefined)).toBe(true);
  });

  it.each([
    ["linux/amd64", { os: "linux", architecture: "amd64" }, true],
    ["linux/amd64", { os: "linux", architecture: "arm64" }, false],
    ["linux/amd64", { os: "windows", architecture: "amd64" }, false],
    ["linux/amd64", { os: "linux" }, false],
    ["linux/amd64", {}, false],
    ["linux/amd64", undefined, false],
    ["linux/amd64", { os: "unknown", architecture: "unknown" }, false],
    ["linux/arm", { os: "linux", architecture: "arm", variant: "v6" }, true],
    ["linux/arm/v7", { os: "linux", architecture: "arm", variant: "v7" }, true],
    ["linux/arm/v7", { os: "linux", architecture: "arm", variant: "v6" }, false],
    ["linux/arm/v7", { os: "linux", architecture: "arm" }, true],
    ["linux/arm/v7", { os: "linux", architecture: "arm", variant: "" }, true],
    ["linux/arm/v6", { os: "linux", architecture: "arm" }, false],
    ["linux/arm64", { os: "linux", architecture: "arm64", variant: "v8" }, true],
    ["linux/arm64/v8", { os: "linux", architecture: "arm64" }, true],
    ["linux/amd64/v3", { os: "linux", architecture: "amd64" }, false],
    ["linux/s390x/z13", { os: "linux", architecture: "s390x" }, false],
  ])("%s, for %j: %s", (listed, platform, expected) => {
    expect(matchesPlatform([listed], platform)).toBe(expected);
    expect(matchesPlatform(["plan9/386", listed], platform)).toBe(expected);
  });

  it("takes nothing with an empty list", () => {
    expect(matchesPlatform([], { os: "linux", architecture: "amd64" })).toBe(false);
  });
});
