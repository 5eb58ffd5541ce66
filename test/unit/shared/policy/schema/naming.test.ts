import { describe, expect, it } from "vitest";
import { problemsOf, problemsOfNaming } from "../support.ts";

const noMatch = (glob: string) =>
  `"${glob}" matches no name that ECR takes: it allows lower-case words joined by . _ - and "/"; write for example team-a/* instead`;

describe("the schema of naming", () => {
  it.each([
    "{}",
    '{ allow: ["team-*/**", shared], deny: ["**/tmp*", "*-test"] }',
    '{ pattern: "[a-z0-9-]+/[a-z0-9-]+" }',
    "{ nearNames: {} }",
    '{ nearNames: { except: ["team-a/payment", "team-b/**"] } }',
  ])("accepts %s", (section) => {
    expect(problemsOfNaming(section)).toEqual([]);
  });

  it.each([
    [
      "{ allow: [] }",
      'naming.allow: is empty, and would refuse every name; write for example `allow: ["team-*/**"]`, or remove the line',
    ],
    ['{ allow: ["Team/*"] }', `naming.allow[0]: ${noMatch("Team/*")}`],
    ['{ deny: ["**", "a//b"] }', `naming.deny[1]: ${noMatch("a//b")}`],
    ['{ nearNames: { except: ["x/"] } }', `naming.nearNames.except[0]: ${noMatch("x/")}`],
    ['{ deny: ["***"] }', 'naming.deny[0]: "***" has three * in a row; write ** for any run of characters'],
    [
      `{ deny: ["${"a".repeat(257)}"] }`,
      "naming.deny[0]: is longer than 256 characters, longer than any name in ECR; write a shorter one",
    ],
    ['{ deny: "**/tmp*" }', 'naming.deny: is text, not a list; write ["**/tmp*"] instead'],
    ["{ nearNames: true }", "naming.nearNames: is true, not a map; write for example `nearNames: {}` instead"],
    ["{ nearNames: }", "naming.nearNames: is empty; write for example `nearNames: {}`, or remove the line"],
    ["{ nearName: {} }", 'naming: unknown key "nearName"; write nearNames instead'],
    ["{ nearNames: { exept: [] } }", 'naming.nearNames: unknown key "exept"; write except instead'],
    [
      '{ pattern: "" }',
      "naming.pattern: is empty, and would refuse every name; write for example `pattern: [a-z0-9-]+/[a-z0-9-]+`",
    ],
    [
      '{ pattern: "team-(a|b" }',
      'naming.pattern: "team-(a|b" is no regular expression (Unterminated group); write for example [a-z0-9-]+/[a-z0-9-]+',
    ],
    [
      '{ pattern: "a)|(b" }',
      "naming.pattern: \"a)|(b\" is no regular expression (Unmatched ')'); write for example [a-z0-9-]+/[a-z0-9-]+",
    ],
    [
      "{ pattern: '\\-' }",
      'naming.pattern: "\\\\-" is no regular expression (Invalid escape); write for example [a-z0-9-]+/[a-z0-9-]+',
    ],
    [
      '{ pattern: "(a+)+" }',
      'naming.pattern: "(a+)+" has a repeated group that can split one text in several ways, and could take for ever for one name; write a group that begins with a character of its own, such as [a-z]+(-[a-z]+)* instead',
    ],
    [
      `{ pattern: "${"a".repeat(513)}" }`,
      "naming.pattern: is longer than 512 characters; write a shorter one, or globs under allow",
    ],
    ["{ pattern: 5 }", 'naming.pattern: is the number 5, not text; write "5" instead'],
  ])("refuses %s", (section, problem) => {
    expect(problemsOfNaming(section)).toEqual([problem]);
  });

  it("tells the place of what is wrong, and all of it at once", () => {
    expect(problemsOf('version: 1\nnaming:\n  allow:\n    - team-a/**\n    - Team\n  pattern: "["\n')).toEqual([
      `5:7  naming.allow[1]: ${noMatch("Team")}`,
      '6:12  naming.pattern: "[" is no regular expression (Unterminated character class); write for example [a-z0-9-]+/[a-z0-9-]+',
    ]);
  });
});
