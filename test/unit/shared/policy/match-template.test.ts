import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { templateFor } from "#shared/policy/match-template.ts";
import { policyWith, template } from "./support.ts";

function prefixFor(prefixes: readonly string[], repository: string): string | undefined {
  return templateFor(policyWith({ templates: prefixes.map((prefix) => template(prefix)) }), repository)?.prefix;
}

describe("templateFor", () => {
  it.each([
    [["team-a", "ROOT"], "team-a/api", "team-a"],
    [["team-a", "ROOT"], "team-a", "ROOT"],
    [["team-a", "ROOT"], "team-ab/api", "ROOT"],
    [["team-a", "team-a/tools"], "team-a/tools/lint", "team-a/tools"],
    [["team-a/tools", "team-a"], "team-a/tools/lint", "team-a/tools"],
    [["team-a", "team-a/tools"], "team-a/tools", "team-a"],
    [["ROOT", "a"], "a/b", "a"],
    [["a", "ROOT"], "a/b", "a"],
    [["team-a"], "team-b/api", undefined],
    [[], "team-b/api", undefined],
  ])("of %j for %s is %s", (prefixes, repository, expected) => {
    expect(prefixFor(prefixes, repository)).toBe(expected);
  });

  it("takes the longest prefix that covers the name, whatever the order, and ROOT only when there is none", () => {
    const segment = fc.constantFrom("a", "b", "aa", "ab");
    const name = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 6 }), fc.boolean(), name, (prefixes, root, repository) => {
        const covering = prefixes.filter((prefix) => repository.startsWith(`${prefix}/`));
        const longest = Math.max(...covering.map((prefix) => prefix.length));
        const expected = covering.find((prefix) => prefix.length === longest) ?? (root ? "ROOT" : undefined);

        const all = root ? ["ROOT", ...prefixes] : prefixes;
        expect(prefixFor(all, repository)).toBe(expected);
        expect(prefixFor(all.toReversed(), repository)).toBe(expected);
      }),
    );
  });
});
