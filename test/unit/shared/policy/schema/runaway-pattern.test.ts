import { describe, expect, it } from "vitest";
import { NAMES, runawayReason, TAGS } from "#shared/policy/schema/runaway-pattern.ts";

const GROUP =
  "has a repeated group that can split one text in several ways, and could take for ever for one name; write a group that begins with a character of its own, such as [a-z]+(-[a-z]+)* instead";
const MANY =
  "has too many repetitions that may take the same characters, and could take minutes for one name; write fewer, or put a character between them that neither takes";
const unknown = (part: string) =>
  `has "${part}", which cannot be judged here (lookaround, back references and modifiers cannot); write it without, and use deny for names to leave out`;

describe("runawayReason", () => {
  it.each([
    "[a-z0-9-]+/[a-z0-9-]+",
    "team-[a-z]+(/[a-z0-9-]+)*",
    "([a-z]+/)*[a-z]+",
    "[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*",
    "[a-z0-9]+((\\.|_{1,2}|-+)[a-z0-9]+)*",
    "(?:prod|dev)-(?<team>[a-z]+)/[^/]+",
    "^(team|shared)/\\w+\\b$",
    "(foo|foobar)/.+-svc",
    "(ab|a){2}",
    "(a+)?",
    "(a|b)+",
    "(a?)*",
    ".*-.*-.*",
    "[^/]+(/[^/]+){0,3}?",
    "a||[]",
    "\\p{Ll}+\\u002f\\x61\\u{62}{2,}",
    "[\\]/]+",
  ])("lets %s pass", (pattern) => {
    expect(new RegExp(pattern, "u")).toBeInstanceOf(RegExp);
    expect(runawayReason(pattern, NAMES)).toBeUndefined();
  });

  it.each([
    ["(a+)+", GROUP],
    ["(a*)*", GROUP],
    ["([a-z]+)*x", GROUP],
    ["(a|a)*", GROUP],
    ["([a-z]|[a-z0-9])*-", GROUP],
    ["(a|ab|b)*c", GROUP],
    ["([a-z]+-?)+", GROUP],
    ["(/a*a*)*x", GROUP],
    ["((a?)+x)*", GROUP],
    ["((a?|b?)c)*d", GROUP],
    ["((a?){9}x)*", GROUP],
    ["(([a-z]+-?){1,3}/)+x", GROUP],
    [".*.*.*.*x", MANY],
    ["(a+){9}", MANY],
    ["(a?){30}a{30}", MANY],
    [`${"a?".repeat(30)}${"a".repeat(30)}`, MANY],
    ["(?!tmp).*", unknown("(?!")],
    ["a(?<=b)", unknown("(?<")],
    ["(a)\\1", unknown("\\\\1")],
    ["(?<x>a)\\k<x>", unknown("\\\\k<")],
    ["(?i:a)", unknown("(?i")],
  ])("refuses %s", (pattern, reason) => {
    expect(new RegExp(pattern, "u")).toBeInstanceOf(RegExp);
    expect(runawayReason(pattern, NAMES)).toBe(reason);
  });

  it("judges the longest and most nested patterns at once", () => {
    const nested = Array.from({ length: 40 }).reduce((inner) => `(a?|a?)(${inner})`, "a");

    expect(runawayReason(String(nested), NAMES)).toBe(MANY);
    expect(runawayReason(`${"(".repeat(100)}a?${")?".repeat(100)}`, NAMES)).toBeUndefined();
  }, 2_000);

  it("judges for tags by what a tag may hold, and speaks of tags", () => {
    expect(runawayReason("([a-z]|[^a-z/])*", TAGS)).toBeUndefined();
    expect(runawayReason("([A-Z]|[A-C])*", NAMES)).toBeUndefined();
    expect(runawayReason("([A-Z]|[A-C])*", TAGS)).toBe(GROUP.replace("for one name", "for one tag"));
    expect(runawayReason("(/|/)*", NAMES)).toBe(GROUP);
    expect(runawayReason("(/|/)*", TAGS)).toBeUndefined();
    expect(runawayReason(".*.*.*.*.*x", TAGS)).toBe(MANY.replace("for one name", "for one tag"));
    expect(runawayReason("(?!rc).*", TAGS)).toBe(unknown("(?!").replace("use deny for names", "use exclude for tags"));
  });
});
