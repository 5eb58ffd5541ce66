import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GlobKind, matchesGlob } from "#shared/policy/glob.ts";
import { globsOverlap } from "#shared/policy/globs-overlap.ts";

/** All texts of up to `length` characters. */
function texts(alphabet: readonly string[], length: number): string[] {
  const shorter = length === 0 ? [] : texts(alphabet, length - 1);
  const longest = shorter.filter((text) => text.length === length - 1);
  return length === 0 ? [""] : [...shorter, ...longest.flatMap((text) => alphabet.map((letter) => text + letter))];
}

describe("globsOverlap", () => {
  it.each([
    ["v*", "v1*", true],
    ["v*", "*-rc*", true],
    ["v1*", "v2*", false],
    ["*a", "*b", false],
    ["latest", "latest", true],
    ["latest", "stable", false],
    ["*", "", true],
    ["a*", "", false],
  ])("of %s and %s is %s", (a, b, expected) => {
    expect(globsOverlap(a, b)).toBe(expected);
    expect(globsOverlap(b, a)).toBe(expected);
  });

  it("keeps to segments for repository patterns", () => {
    expect(globsOverlap("team/*", "team/a/*", "repository")).toBe(false);
    expect(globsOverlap("team/**", "team/a/*", "repository")).toBe(true);
  });

  it("is so exactly when some text matches both", () => {
    // With at most four letters in both patterns, a common text of more than four is not needed.
    const all = texts(["a", "b", "/"], 4);
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", "*"), maxLength: 4 });
    fc.assert(
      fc.property(pattern, pattern, fc.constantFrom<GlobKind>("tag", "repository"), (a, b, kind) => {
        const letters = (a + b).replaceAll("*", "").length;
        fc.pre(letters <= 4);
        expect(globsOverlap(a, b, kind)).toBe(
          all.some((text) => matchesGlob(a, text, kind) && matchesGlob(b, text, kind)),
        );
      }),
      { numRuns: 500 },
    );
  });
});
