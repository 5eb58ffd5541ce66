import fc from "fast-check";
import { compare, satisfies as isIn, valid } from "semver";
import { describe, expect, it } from "vitest";
import { semverRange } from "#shared/policy/schema/semver-range.ts";
import { compareVersions, parseVersion, satisfies, type Version } from "#shared/policy/version.ts";

/** Few numbers, so that versions meet often. */
const number = fc.constantFrom("0", "1", "2", "10");
const word = fc.constantFrom("alpha", "rc", "0", "1", "10", "x-y", "-", "1a", "RC", "9007199254740993");
const prerelease = fc.oneof(
  { weight: 2, arbitrary: fc.constant("") },
  fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => `-${words.join(".")}`),
);
const version = fc
  .tuple(fc.constantFrom("", "v"), number, number, number, prerelease)
  .map(([v, major, minor, patch, rest]) => `${v}${major}.${minor}.${patch}${rest}`);

/** Anything that a tag may be, most of it near a version. */
const tag = fc.oneof(
  version,
  fc
    .array(fc.constantFrom("v", "0", "1", "01", ".", "..", "-", "-rc", "x", "_", "V", "=", "9007199254740993"), {
      maxLength: 9,
    })
    .map((parts) => parts.join("")),
  fc.string({ unit: fc.constantFrom(..."v0123456789.-_abcXYZ"), maxLength: 128 }),
);

const part = fc.oneof({ weight: 3, arbitrary: number }, fc.constantFrom("x", "X", "*"));
const partial = fc.oneof(
  version,
  fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(".")),
);
const bound = fc
  .tuple(fc.constantFrom("", "=", "<", "<=", ">", ">=", "^", "~", "~>", ">= ", "^ "), partial)
  .map((parts) => parts.join(""));
const alternative = fc.oneof(
  fc.array(bound, { minLength: 1, maxLength: 3 }).map((bounds) => bounds.join(" ")),
  fc.tuple(partial, partial).map(([from, to]) => `${from} - ${to}`),
);
const range = fc
  .array(fc.oneof({ weight: 5, arbitrary: alternative }, fc.constantFrom("*", "")), { minLength: 1, maxLength: 3 })
  .map((alternatives) => alternatives.join(" || "));

function parsed(text: string): Version {
  const found = parseVersion(text);
  if (found === undefined) throw new Error(`${text} is no version`);
  return found;
}

describe("parseVersion", () => {
  it.each([
    ["1.2.3", { major: 1, minor: 2, patch: 3, prerelease: [] }],
    ["v0.10.0-rc.1", { major: 0, minor: 10, patch: 0, prerelease: ["rc", 1] }],
    ["1.2.3--.0a", { major: 1, minor: 2, patch: 3, prerelease: ["-", "0a"] }],
  ])("reads %s", (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });

  it.each([
    "latest",
    "",
    "v",
    "1",
    "v1.2",
    "1.2.3.4",
    "01.2.3",
    "1.2.03",
    "V1.2.3",
    "1.2.3-",
    "1.2.3-01",
    "1.2.3-a..b",
    "1.2.3_4",
  ])("takes %j for no version", (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  it("takes for versions what the package semver takes for versions", () => {
    fc.assert(
      fc.property(tag, (text) => (parseVersion(text) === undefined) === (valid(text) === null)),
      { numRuns: 2_000 },
    );
  });

  it("is quick with the longest of tags", () => {
    expect(parseVersion(`1.2.3-${"0".repeat(5_000)}_`)).toBeUndefined();
    expect(parseVersion(`${"1.".repeat(5_000)}_`)).toBeUndefined();
  }, 500);
});

describe("compareVersions", () => {
  it("orders the example of semver.org", () => {
    const ordered =
      "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.1.0 2.0.0";
    const shuffled = ordered.split(" ").sort();

    expect(shuffled.sort((a, b) => compareVersions(parsed(a), parsed(b))).join(" ")).toBe(ordered);
  });

  it("orders as the package semver does", () => {
    fc.assert(
      fc.property(version, version, (a, b) => Math.sign(compareVersions(parsed(a), parsed(b))) === compare(a, b)),
      { numRuns: 2_000 },
    );
  });
});

describe("satisfies, with a range that the policy compiled", () => {
  it.each([
    [">=1.2.0 <3", ["1.2.0", "v2.9.9"], ["1.1.9", "3.0.0", "2.0.0-rc.1", "3.0.0-rc.1"]],
    ["^1.2.0", ["1.2.0", "1.9.0"], ["2.0.0", "2.0.0-0", "1.3.0-rc.1"]],
    ["~1.2.0-rc.1", ["1.2.0-rc.2", "1.2.9"], ["1.2.0-beta", "1.2.1-rc.1", "1.3.0"]],
    ["1.x || 3.0.0", ["1.0.0", "3.0.0"], ["2.0.0", "3.0.1"]],
    ["1.2.0 - 2.3", ["1.2.0", "2.3.9"], ["2.4.0", "1.1.0"]],
    ["*", ["0.0.0", "99.0.0"], ["1.0.0-rc.1"]],
  ])("%s", (text, inside, outside) => {
    const { alternatives } = semverRange.parse(text);

    expect(inside.filter((one) => !satisfies(parsed(one), alternatives))).toEqual([]);
    expect(outside.filter((one) => satisfies(parsed(one), alternatives))).toEqual([]);
  });

  it("agrees with the package semver, which has no version in a range that the policy refuses", () => {
    let [inside, refused] = [0, 0];
    fc.assert(
      fc.property(range, fc.array(version, { minLength: 5, maxLength: 5 }), (text, versions) => {
        const compiled = semverRange.safeParse(text);
        // A blank range is npm's "any version"; the policy wants that said.
        fc.pre(compiled.success || text.trim() !== "");
        if (!compiled.success) refused++;
        for (const one of versions) {
          const expected = isIn(one, text);
          if (expected) inside++;
          expect(compiled.success && satisfies(parsed(one), compiled.data.alternatives)).toBe(expected);
        }
      }),
      { numRuns: 3_000 },
    );

    expect(inside).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(50);
  });
});
