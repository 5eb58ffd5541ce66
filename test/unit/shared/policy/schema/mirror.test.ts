import { describe, expect, it } from "vitest";
import { problemsOfMirror } from "../support.ts";

function rule(source: string, destination: string, tags = '{ include: ["v*"] }'): string {
  return `{ source: "${source}", tags: ${tags}, destination: "${destination}" }`;
}

/** Without the places: the rules stand in lines of their own. */
function problemsOf(...rules: string[]): string[] {
  return problemsOfMirror(...rules).map((line) => line.replace(/^[0-9:]+ {2}/, ""));
}

const oneName = (source: string) =>
  `mirror[0].destination: gives one name to several repositories that match ${source}; write {repository} in it, or a source that matches one`;
const takenName =
  "mirror[1].destination: gives a name that mirror[0] gives to another repository; write another one, or {repository} in both";

describe("the schema of mirror rules", () => {
  it.each([
    ["a literal source and destination", [rule("team-a/api", "api")]],
    ["every placeholder", [rule("team-a/**", "{repository}"), rule("team-b/**", "{path}/x-{name}")]],
    ["the name where only the name varies", [rule("team-a/*", "team-a-{name}")]],
    ["the path where only the path varies", [rule("*/api", "{path}-api")]],
    [
      "one source with includes that do not overlap",
      [rule("a/*", "x-{name}", '{ include: ["v1*"] }'), rule("a/*", "y-{name}", '{ include: ["v2*"] }')],
    ],
    [
      "one source where an exclude keeps the includes apart",
      [
        rule("a/*", "x-{name}", '{ include: ["v*"], exclude: ["*-rc*"] }'),
        rule("a/*", "y-{name}", '{ include: ["*-rc*"] }'),
      ],
    ],
    ["one tag under two names from sources that overlap", [rule("a/*", "x-{name}"), rule("a/api", "api")]],
    [
      "one destination for sources that are the same repository",
      [rule("a/*", "x-{name}", "{ include: [a] }"), rule("a/api", "x-{name}", "{ include: [b] }")],
    ],
  ])("accept %s", (_, rules) => {
    expect(problemsOf(...rules)).toEqual([]);
  });

  it.each([
    [
      "Team/*",
      "{name}",
      'mirror[0].source: "Team/*" matches no name that ECR takes: it allows lower-case words joined by . _ - and "/"; write for example team-a/* instead',
    ],
    [
      "team-a/",
      "{name}",
      'mirror[0].source: "team-a/" matches no name that ECR takes: it allows lower-case words joined by . _ - and "/"; write for example team-a/* instead',
    ],
    [
      "team-a/***",
      "{repository}",
      'mirror[0].source: "team-a/***" has three * in a row; write ** for any run of characters',
    ],
    ["team-a/*", "{nam}", "mirror[0].destination: has the unknown placeholder {nam}; write {name} instead"],
    [
      "team-a/*",
      "{tag}-{name}",
      "mirror[0].destination: has the unknown placeholder {tag}; write {repository}, {name} or {path} instead",
    ],
    [
      "team-a/*",
      "Team-{name}",
      'mirror[0].destination: gives a name that ECR Public refuses: "Team-xx" contains "T"; ECR Public allows the characters a-z, 0-9, ".", "_", "-" and "/"; write for example team-a-{name} instead',
    ],
    [
      "team-a/*",
      "team--{name}",
      'mirror[0].destination: gives a name that ECR Public refuses: "team--xx" has the part "team--xx"; between two words of a part ECR Public allows one ".", "_" or "-"; write for example team-a-{name} instead',
    ],
    [
      "api",
      "{path}/{name}",
      'mirror[0].destination: gives a name that ECR Public refuses: "/api" has an empty part; ECR Public allows "/" only between two parts of a name; write for example team-a-{name} instead',
    ],
    [
      "a__b",
      "{name}",
      'mirror[0].destination: gives a name that ECR Public refuses: "a__b" has the part "a__b"; between two words of a part ECR Public allows one ".", "_" or "-"; write for example team-a-{name} instead',
    ],
    ["team-a/*", "public", oneName("team-a/*")],
    ["team-a/**", "x-{name}", oneName("team-a/**")],
    ["team-*/api", "{name}", oneName("team-*/api")],
    ["a/**/b", "x-{name}", oneName("a/**/b")],
    ["team-a/*", "{path}", oneName("team-a/*")],
  ])("refuse %s to %s", (source, destination, problem) => {
    expect(problemsOf(rule(source, destination))).toEqual([problem]);
  });

  it.each([
    [
      '{ include: ["v?"] }',
      'mirror[0].tags.include[0]: "v?" is no tag pattern; write 1 to 128 of the characters a-z, A-Z, 0-9, ".", "_", "-" and "*" instead',
    ],
    ["{ include: [] }", 'mirror[0].tags.include: is empty; write the tags to publish, for example `include: ["v*"]`'],
    [
      "{ exclude: [a] }",
      'mirror[0].tags: selects nothing; write include, pattern or semver, for example `include: ["v*"]`',
    ],
    ["{ include: [1.10] }", 'mirror[0].tags.include[0]: is the number 1.1, not text; write "1.10" instead'],
    ['{ inclde: ["v*"] }', 'mirror[0].tags: unknown key "inclde"; write include instead'],
    ['{ include: ["v*"], exlude: [a] }', 'mirror[0].tags: unknown key "exlude"; write exclude instead'],
  ])("refuse the tags %s", (tags, problem) => {
    expect(problemsOf(rule("a/b", "ab", tags))).toEqual([problem]);
  });

  it.each([
    ["a pattern alone", '{ pattern: "v[0-9]+" }'],
    ["a range alone", "{ semver: ^1.2.0 }"],
    ["all of it", '{ include: ["v*"], pattern: "v.*", semver: 1.x, latest: 5, exclude: ["*-rc*"] }'],
    ["an exclude that is wider than an include, but not all around it", '{ include: ["v*"], exclude: ["v1*"] }'],
  ])("accept tags by %s", (_, tags) => {
    expect(problemsOf(rule("a/b", "ab", tags))).toEqual([]);
  });

  it.each([
    [
      "{ latest: 5 }",
      'latest: has nothing to choose from; write include, pattern or semver, for example `include: ["v*"]`, beside it',
    ],
    ["{ semver: 1.x, latest: 0 }", "latest: is 0; write 1 or more instead"],
    [
      '{ include: ["-rc*"] }',
      'include[0]: "-rc*" matches no tag, as a tag begins with a letter, a digit or "_"; write "*-rc*" instead',
    ],
    [
      '{ include: ["v*"], exclude: [".*"] }',
      'exclude[0]: ".*" matches no tag, as a tag begins with a letter, a digit or "_"; write "*.*" instead',
    ],
    [
      '{ include: ["v*", "dev-*"], exclude: ["x", "d*"] }',
      "include[1]: dev-* selects nothing, as d* under exclude leaves all of it out; remove one of them",
    ],
    ['{ semver: 1.x, exclude: ["*"] }', "exclude[0]: * leaves out every tag; write a narrower pattern"],
    [
      '{ pattern: "(a+)+" }',
      'pattern: "(a+)+" has a repeated group that can split one text in several ways, and could take for ever for one tag; write a group that begins with a character of its own, such as [a-z]+(-[a-z]+)* instead',
    ],
    [
      '{ pattern: "(" }',
      'pattern: "(" is no regular expression (Unterminated group); write for example v[0-9]+[.][0-9]+',
    ],
    ['{ pattern: "" }', "pattern: is empty, and would select no tag; write for example `pattern: v[0-9]+[.][0-9]+`"],
    [
      '{ semver: ">=1, <2" }',
      'semver: ">=1, <2" is no semver range; write bounds with a space between them, such as ">=1.2.0 <3", or ^1.2.0, ~1.2.0, 1.x, 1.2.0 - 2.3.0, with || between alternatives',
    ],
    [
      '{ semver: ">2 <1" }',
      'semver: ">2 <1" matches no version; write a range whose lower bound is below its upper one',
    ],
    ['{ semver: " " }', 'semver: is blank; write for example `semver: ">=1.2.0 <3"`, or "*" for every release'],
    ["{ semver: 1.10 }", 'semver: is the number 1.1, not text; write "1.10" instead'],
    ["{ semver: [1.x] }", "semver: is a list, not text; write for example `semver: ^1.2.0` instead"],
  ])("refuse the tags %s", (tags, problem) => {
    expect(problemsOf(rule("a/b", "ab", tags))).toEqual([`mirror[0].tags.${problem}`]);
  });

  it.each([
    ["ranges that overlap", "{ semver: 1.x }", '{ semver: ">=1.5.0" }', "1.5.0"],
    ["a range and a glob in it", '{ include: ["v*"] }', "{ semver: 2.x }", "v2.0.0"],
    [
      "a range and what another one's exclude leaves",
      '{ semver: 1.x, exclude: ["v*"] }',
      "{ semver: ^1.0.0 }",
      "1.0.0",
    ],
  ])("refuse two rules for one source with %s, and name a version that proves it", (_, first, second, version) => {
    expect(problemsOf(rule("a/*", "x-{name}", first), rule("a/*", "y-{name}", second))).toEqual([
      `mirror[1].tags: selects ${version}, which mirror[0] publishes from a/*, too; write ranges that do not overlap, or one rule`,
    ]);
  });

  it.each([
    ["ranges that do not overlap", "{ semver: 1.x }", "{ semver: 2.x }"],
    ["ranges with the same globs", '{ include: ["v*"], semver: 1.x }', '{ include: ["v*"], semver: 2.x }'],
    ["patterns, of which nothing is sure", '{ pattern: "v.*" }', '{ pattern: "v1.*" }'],
    ["a pattern beside globs that overlap", '{ include: ["v*"], pattern: "v1.*" }', '{ include: ["v*"] }'],
  ])("accept two rules for one source with %s", (_, first, second) => {
    expect(problemsOf(rule("a/*", "x-{name}", first), rule("a/*", "y-{name}", second))).toEqual([]);
  });

  it("refuse rules that keep or create one public repository in two ways", () => {
    const filling = (tags: string, more: string) =>
      `{ source: "a/*", tags: { include: ["${tags}"] }, destination: "x-{name}"${more} }`;

    expect(
      problemsOf(
        filling("a*", ', retention: [{ tags: "*", days: 9 }], repository: { description: one }'),
        filling("b*", ', retention: [{ days: 9, tags: "*" }]'),
        filling("c*", ", repository: { description: two }"),
        `{ source: "b/*", tags: { include: ["c*"] }, destination: "y-{name}" }`,
      ),
    ).toEqual([
      "mirror[2].retention: differs from that of mirror[0], which fills the same public repository; write the same in both",
      "mirror[2].retention: differs from that of mirror[1], which fills the same public repository; write the same in both",
      "mirror[2].repository: differs from that of mirror[0], which fills the same public repository; write the same in both",
    ]);
  });

  it("refuse two rules for one source whose includes overlap, and name the pattern", () => {
    expect(
      problemsOf(
        rule("a/*", "x-{name}"),
        rule("b/*", "z-{name}"),
        rule("a/*", "y-{name}", '{ include: [latest, "v1*"] }'),
      ),
    ).toEqual([
      "mirror[2].tags.include: v1* selects tags that mirror[0] publishes from a/*, too; write patterns that do not overlap, or one rule",
    ]);
  });

  it.each([
    ["the same name for two repositories", rule("a/x", "pub"), rule("b/y", "pub")],
    ["the last segment of two teams", rule("a/*", "{name}"), rule("b/*", "{name}")],
    ["a last segment that may be the other's", rule("a/*", "{name}"), rule("b/api", "{name}")],
    ["the path of two repositories", rule("*/a", "{path}"), rule("xx/b", "{path}")],
  ])("refuse %s", (_, first, second) => {
    expect(problemsOf(first, second)).toEqual([takenName]);
  });
});
