import { describe, expect, it } from "vitest";
import { destinationsOf, possibleDestination } from "#shared/mirror/destinations-of.ts";
import { mirrorRule } from "../policy/support.ts";

describe("the destinations of a private repository", () => {
  it("are those of all rules that name it, each with its rules", () => {
    const mirror = [
      mirrorRule("team-a/*", "{name}"),
      mirrorRule("team-b/*", "{name}"),
      mirrorRule("team-a/web", "web"),
      mirrorRule("**", "all-{name}"),
    ];

    const destinations = destinationsOf({ mirror }, "team-a/web");

    expect([...destinations].map(([name, rules]) => [name, rules.map(({ index }) => index)])).toEqual([
      ["web", [0, 2]],
      ["all-web", [3]],
    ]);
  });

  it("leave out a name that ECR Public refuses", () => {
    const mirror = [mirrorRule("**", "{path}-{name}")];

    expect(destinationsOf({ mirror }, "web").size).toBe(0);
  });
});

describe("a public name", () => {
  const deletion = { graceHours: 1, atMost: 1 };
  it.each([
    ["team-web", true],
    ["team-", true],
    ["xteam-web", false],
    ["a.b", true],
    ["axb", false],
    ["kept-web", true],
    ["held-web", false],
  ])("%s may be given by a rule that may delete: %s", (name, expected) => {
    const mirror = [
      mirrorRule("**", "team-{name}", { deletion }),
      mirrorRule("x", "a.b", { deletion }),
      mirrorRule("**", "kept-{path}", { retention: [{ tags: "*", newest: 1 }] }),
      mirrorRule("**", "held-{name}"),
    ];

    expect(possibleDestination({ mirror })(name)).toBe(expected);
  });
});
