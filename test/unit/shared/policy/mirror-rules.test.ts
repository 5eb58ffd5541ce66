import { describe, expect, it } from "vitest";
import { destinationName, mirrorTargets } from "#shared/policy/mirror-rules.ts";
import { policyWith } from "./support.ts";

function rule(source: string, include: string[], destination: string, exclude: string[] = []) {
  return { source, tags: { include, exclude }, destination };
}

const policy = policyWith({
  mirror: [
    rule("team-a/*", ["v*"], "team-a-{name}", ["*-rc*"]),
    rule("team-a/api", ["v2*", "latest"], "{name}"),
    rule("tools/**", ["*"], "{path}/{name}-public"),
  ],
});

describe("mirrorTargets", () => {
  it("gives the destination of the rule that selects the tag", () => {
    expect(mirrorTargets(policy, "team-a/web", "v1.0.0")).toEqual({
      targets: [{ rule: 0, destination: "team-a-web" }],
      impossible: [],
    });
    expect(mirrorTargets(policy, "tools/go/lint", "x")).toEqual({
      targets: [{ rule: 2, destination: "tools/go/lint-public" }],
      impossible: [],
    });
  });

  it("gives all destinations when several rules select the tag", () => {
    expect(mirrorTargets(policy, "team-a/api", "v2.0.0")).toEqual({
      targets: [
        { rule: 0, destination: "team-a-api" },
        { rule: 1, destination: "api" },
      ],
      impossible: [],
    });
  });

  it("gives a destination once when two rules lead to it", () => {
    const twice = policyWith({
      mirror: [rule("team-a/*", ["v*"], "public/{name}"), rule("**", ["v1*"], "public/{name}")],
    });

    expect(mirrorTargets(twice, "team-a/api", "v1")).toEqual({
      targets: [{ rule: 0, destination: "public/api" }],
      impossible: [],
    });
  });

  it.each([
    ["team-b/api", "v1", "no mirror rule names the repository team-b/api"],
    ["team-a/tools/lint", "v1", "no mirror rule names the repository team-a/tools/lint"],
    ["team-a/web", "latest", "mirror[0] leaves out the tag latest: it matches none of v*"],
    ["team-a/web", "v1-rc2", "mirror[0] leaves out the tag v1-rc2: *-rc* excludes it"],
    [
      "team-a/api",
      "dev",
      "mirror[0] leaves out the tag dev: it matches none of v*; mirror[1] leaves out the tag dev: it matches none of v2*, latest",
    ],
    ["team-a/web", undefined, "the image was pushed to team-a/web without a tag, and mirror rules select by tag"],
  ])("says why %s:%s is not published", (repository, tag, reason) => {
    expect(mirrorTargets(policy, repository, tag)).toEqual({ notSelected: reason });
  });

  it("publishes nothing with a policy that names nothing", () => {
    expect(mirrorTargets(policyWith({}), "team-a/api", "v1")).toEqual({
      notSelected: "no mirror rule names the repository team-a/api",
    });
  });

  it("reports a name that ECR Public refuses and keeps the other destinations", () => {
    const both = policyWith({ mirror: [rule("team-a/*", ["*"], "{name}"), rule("team-a/a*", ["*"], "all-of-team-a")] });

    expect(mirrorTargets(both, "team-a/a__b", "v1")).toEqual({
      targets: [{ rule: 1, destination: "all-of-team-a" }],
      impossible: [
        'mirror[0] cannot publish team-a/a__b as {name}: "a__b" has the part "a__b"; between two words of a part ECR Public allows one ".", "_" or "-"',
      ],
    });
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
