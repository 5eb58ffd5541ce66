import { describe, expect, it } from "vitest";
import { isTagFixed } from "../../../../local/store/tag-rule.ts";

describe("isTagFixed", () => {
  it("fixes every tag of an immutable repository but those that an exception names", () => {
    const rule = { tags: "immutable", except: ["latest", "dev-*"] } as const;

    expect(["v1", "latest", "dev-1", "xdev-1"].map((tag) => isTagFixed(rule, tag))).toEqual([true, false, false, true]);
  });

  it("fixes in a mutable repository only the tags that an exception names", () => {
    const rule = { tags: "mutable", except: ["v*"] } as const;

    expect(["v1", "latest"].map((tag) => isTagFixed(rule, tag))).toEqual([true, false]);
    expect(isTagFixed({ tags: "mutable", except: [] }, "v1")).toBe(false);
  });

  it.each([
    ["*", "anything", true],
    ["v*", "v", true],
    ["*-rc", "1.0-rc", true],
    ["*-rc", "1.0-rc1", false],
    ["v*-*", "v1-2", true],
    ["v*-*", "v12", false],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["a*b*a", "aba", true],
    ["a*b*a", "ab", false],
    ["**", "", true],
    ["1.0", "1x0", false],
    ["1.*", "1.0+x", true],
    ["*ab*ab", "abab", true],
    ["*ab*ab", "xab", false],
  ])("matches %s against %s: %s", (pattern, tag, matches) => {
    expect(isTagFixed({ tags: "mutable", except: [pattern] }, tag)).toBe(matches);
  });

  it("stays quick on a pattern with many stars", () => {
    const pattern = "*a".repeat(60);

    expect(isTagFixed({ tags: "mutable", except: [`${pattern}b`] }, "a".repeat(128))).toBe(false);
  });
});
