import { describe, expect, it } from "vitest";
import {
  destinationName,
  mirrorSelections,
  namesRepository,
  needsAllTags,
  onlyLatest,
} from "#shared/policy/mirror-rules.ts";
import { compiledRange, mirrorRule, policyWith } from "./support.ts";

const policy = policyWith({
  mirror: [
    mirrorRule("team-a/*", "team-a-{name}", { tags: { include: ["v*"], exclude: ["*-rc*"] } }),
    mirrorRule("team-a/api", "{name}", { tags: { include: ["v2*", "latest"] } }),
    mirrorRule("tools/**", "{path}/{name}-public", { tags: { include: ["*"] } }),
  ],
});

describe("mirrorSelections", () => {
  it("gives the destination of the rule that selects a tag, and the tags that travel together", () => {
    expect(mirrorSelections(policy, "team-a/web", ["dev", "v1.0.0", "v1", "v1-rc1"])).toEqual({
      selections: [{ rule: 0, destination: "team-a-web", tags: ["v1.0.0", "v1"] }],
      impossible: [],
    });
    expect(mirrorSelections(policy, "tools/go/lint", ["x"])).toEqual({
      selections: [{ rule: 2, destination: "tools/go/lint-public", tags: ["x"] }],
      impossible: [],
    });
  });

  it("gives each rule that selects a tag, with its own tags", () => {
    expect(mirrorSelections(policy, "team-a/api", ["v2.0.0", "v1", "latest"])).toEqual({
      selections: [
        { rule: 0, destination: "team-a-api", tags: ["v2.0.0", "v1"] },
        { rule: 1, destination: "api", tags: ["v2.0.0", "latest"] },
      ],
      impossible: [],
    });
  });

  it("gives a tag to the first of two rules that lead to one destination", () => {
    const twice = policyWith({
      mirror: [
        mirrorRule("team-a/*", "public/{name}", { tags: { include: ["v*"] } }),
        mirrorRule("**", "public/{name}", { tags: { include: ["v1*", "stable"] } }),
      ],
    });

    expect(mirrorSelections(twice, "team-a/api", ["v1", "stable"])).toEqual({
      selections: [
        { rule: 0, destination: "public/api", tags: ["v1"] },
        { rule: 1, destination: "public/api", tags: ["stable"] },
      ],
      impossible: [],
    });
    expect(mirrorSelections(twice, "team-a/api", ["v1"])).toEqual({
      selections: [{ rule: 0, destination: "public/api", tags: ["v1"] }],
      impossible: [],
    });
  });

  it.each([
    ["team-b/api", ["v1"], "no mirror rule names the repository team-b/api"],
    ["team-a/tools/lint", ["v1"], "no mirror rule names the repository team-a/tools/lint"],
    ["team-a/web", ["latest"], "mirror[0] leaves out the tag latest: it matches none of v*"],
    ["team-a/web", ["v1-rc2"], "mirror[0] leaves out the tag v1-rc2: *-rc* excludes it"],
    [
      "team-a/web",
      ["a", "v1-rc2", "b", "c", "d"],
      "mirror[0] leaves out the tag a: it matches none of v*, the tag v1-rc2: *-rc* excludes it, the tag b: it matches none of v* and 2 more",
    ],
    [
      "team-a/api",
      ["dev"],
      "mirror[0] leaves out the tag dev: it matches none of v*; mirror[1] leaves out the tag dev: it matches none of v2*, latest",
    ],
    ["team-a/web", [], "the image has no tag in team-a/web, and mirror rules select by tag"],
  ])("says why %s:%s is not published", (repository, tags, reason) => {
    expect(mirrorSelections(policy, repository, tags)).toEqual({ notSelected: reason });
  });

  it("publishes nothing with a policy that names nothing", () => {
    expect(mirrorSelections(policyWith({}), "team-a/api", ["v1"])).toEqual({
      notSelected: "no mirror rule names the repository team-a/api",
    });
  });

  it("reports a name that ECR Public refuses, once a tag is selected, and keeps the other destinations", () => {
    const both = policyWith({
      mirror: [
        mirrorRule("team-a/*", "{name}", { tags: { include: ["*"] } }),
        mirrorRule("team-a/*", "{name}", { tags: { include: ["x"] } }),
        mirrorRule("team-a/a*", "all-of-team-a", { tags: { include: ["*"] } }),
      ],
    });

    expect(mirrorSelections(both, "team-a/a__b", ["v1"])).toEqual({
      selections: [{ rule: 2, destination: "all-of-team-a", tags: ["v1"] }],
      impossible: [
        'mirror[0] cannot publish team-a/a__b as {name}: "a__b" has the part "a__b"; between two words of a part ECR Public allows one ".", "_" or "-"',
      ],
    });
  });
});

describe("namesRepository and needsAllTags", () => {
  const some = policyWith({
    mirror: [
      mirrorRule("a/*", "{name}", { tags: { include: ["v*"] } }),
      mirrorRule("a/x", "{name}", { tags: { include: ["v*"], latest: 3 } }),
    ],
  });

  it.each([
    ["a/x", true, true],
    ["a/y", true, false],
    ["b/x", false, false],
  ])("of %s: %s, %s", (repository, named, all) => {
    expect(namesRepository(some, repository)).toBe(named);
    expect(needsAllTags(some, repository)).toBe(all);
  });
});

describe("onlyLatest", () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));
  const images = [
    { tags: ["v1.0.0", "other"], pushedAt: at(9) },
    { tags: ["v3.0.0", "v3"], pushedAt: at(1) },
    { tags: ["v2.0.0", `sha256-${"0a".repeat(32)}.sig`], pushedAt: at(5) },
    { tags: ["v9.0.0-rc.1"], pushedAt: at(10) },
  ];
  const all = ["v1.0.0", "v2.0.0", "v3.0.0", "v3", "v9.0.0-rc.1"];

  function latestOf(tags: Parameters<typeof mirrorRule>[2], ...selected: string[]) {
    const rules = policyWith({ mirror: [mirrorRule("a/x", "x", tags)] });
    const selections = [{ rule: 0, destination: "x", tags: selected }];
    return onlyLatest(rules, "a/x", selections, images).flatMap((selection) => selection.tags);
  }

  it("keeps the highest versions where the rule has a range", () => {
    const tags = { semver: compiledRange(">=1"), latest: 2 };

    expect(latestOf({ tags }, "v1.0.0", "v2.0.0", "v3.0.0")).toEqual(["v2.0.0", "v3.0.0"]);
    expect(latestOf({ tags }, "v2.5.0")).toEqual(["v2.5.0"]);
    expect(latestOf({ tags }, "v1.9.0")).toEqual([]);
  });

  it("keeps what was pushed last otherwise; tags of one image stand or fall together, and signatures do not count", () => {
    expect(latestOf({ tags: { include: ["v*"], latest: 2 } }, ...all)).toEqual(["v1.0.0", "v9.0.0-rc.1"]);
    expect(latestOf({ tags: { include: ["v*"], latest: 4 } }, ...all)).toEqual(all);
    expect(latestOf({ tags: { include: ["*"], latest: 3 } }, ...all)).toEqual(["v1.0.0", "v9.0.0-rc.1"]);
    expect(latestOf({ tags: { include: ["*"], latest: 4 } }, ...all)).toEqual(["v1.0.0", "v2.0.0", "v9.0.0-rc.1"]);
  });

  it("takes a tag that the list does not show yet, or shows without a time, for new", () => {
    expect(latestOf({ tags: { include: ["v*"], latest: 1 } }, "v10", "v1.0.0")).toEqual(["v10"]);
    const rules = policyWith({ mirror: [mirrorRule("a/x", "x", { tags: { include: ["*"], latest: 1 } })] });
    const undated = [{ tags: ["a"] }, { tags: ["b"] }, { tags: ["c"], pushedAt: at(3) }];
    const selections = [{ rule: 0, destination: "x", tags: ["a", "b", "c"] }];

    expect(onlyLatest(rules, "a/x", selections, undated)).toEqual([{ rule: 0, destination: "x", tags: ["a", "b"] }]);
  });

  it("leaves other rules alone, and a selection without tags out", () => {
    const rules = policyWith({
      mirror: [
        mirrorRule("a/*", "xx", { tags: { include: ["v*"], latest: 1 } }),
        mirrorRule("a/x", "yy", { tags: { include: ["v1*"] } }),
      ],
    });
    const decision = mirrorSelections(rules, "a/x", ["v1.0.0"]);
    const selections = "notSelected" in decision ? [] : decision.selections;

    expect(onlyLatest(rules, "a/x", selections, images)).toEqual([{ rule: 1, destination: "yy", tags: ["v1.0.0"] }]);
  });

  it("gives a tag that is too old for one rule to the next one with the same destination, and else to the first", () => {
    const rules = policyWith({
      mirror: [
        mirrorRule("a/*", "xx", { tags: { include: ["v*"], latest: 2 } }),
        mirrorRule("a/x", "xx", { tags: { include: ["v1*", "v3*"] } }),
      ],
    });
    const decision = mirrorSelections(rules, "a/x", ["v1.0.0", "v3.0.0"]);
    const selections = "notSelected" in decision ? [] : decision.selections;

    expect(selections.map(({ tags }) => tags)).toEqual([
      ["v1.0.0", "v3.0.0"],
      ["v1.0.0", "v3.0.0"],
    ]);
    expect(onlyLatest(rules, "a/x", selections, images)).toEqual([
      { rule: 0, destination: "xx", tags: ["v1.0.0"] },
      { rule: 1, destination: "xx", tags: ["v3.0.0"] },
    ]);
  });
});

describe("destinationName", () => {
  it.each([
    ["{repository}", "team-a/tools/lint", "team-a/tools/lint"],
    ["{name}", "team-a/tools/lint", "lint"],
    ["{path}", "team-a/tools/lint", "team-a/tools"],
    ["{path}", "lint", ""],
    ["{name}", "lint", "lint"],
    ["x-{name}-{name}/{path}", "a/b", "x-b-b/a"],
    ["{tag}-fixed", "a/b", "{tag}-fixed"],
  ])("of %s for %s is %j", (destination, repository, expected) => {
    expect(destinationName(destination, repository)).toBe(expected);
  });
});
