import { describe, expect, it } from "vitest";
import { compilePattern } from "../../../../local/events/pattern.ts";

describe("wildcards", () => {
  it.each<[string, string, boolean]>([
    ["*", "", true],
    ["a*", "a", true],
    ["a*a", "a", false],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "acb", false],
    ["*/lib/*", "root/lib/x", true],
    ["a\\*b", "a*b", true],
    ["a\\*b", "axb", false],
    ["a\\\\*", "a\\b", true],
    ["a\\\\*", "ab", false],
    ["plain", "plain", true],
    ["plain", "plainer", false],
    ["*aab", "aaab", true],
  ])("'%s' on '%s' is %s", (wildcard, text, expected) => {
    expect(compilePattern({ a: [{ wildcard }] })({ a: text })).toBe(expected);
  });

  it("takes no longer for a pattern of many asterisks", () => {
    const matches = compilePattern({ a: [{ wildcard: `${"a*".repeat(200)}b` }] });

    expect(matches({ a: "a".repeat(100_000) })).toBe(false);
  });
});
