import { describe, expect, it } from "vitest";
import { problemsOfTemplate, withoutPlace } from "../support.ts";

const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(", ");

/** The problems of owner tags and, where given, the tags beside them. */
function problemsOf(ownerTags: string, tags = "{}"): string[] {
  return problemsOfTemplate(`ownerTags: ${ownerTags}`, `tags: ${tags}`)
    .map(withoutPlace)
    .map((line) => line.replace(/^templates\[0\]\./, ""));
}

describe("the schema of owner tags", () => {
  it.each([
    ['{ owner: "{role}" }', "{ team: a }"],
    ['{ owner: "{role}/{session}", account: "AWS account {account}" }', "{}"],
    [`{ o: "${"v".repeat(256)}{role}" }`, "{}"],
    [`{ ${many(25, (index) => `o${index}: "{role}"`)} }`, `{ ${many(25, (index) => `t${index}: x`)} }`],
  ])("accepts %s beside %s", (ownerTags, tags) => {
    expect(problemsOf(ownerTags, tags)).toEqual([]);
  });

  it.each([
    ['{ owner: "{rol}" }', "ownerTags.owner: has the unknown placeholder {rol}; write {role} instead"],
    ['{ owner: "{ROLE}" }', "ownerTags.owner: has the unknown placeholder {ROLE}; write {role} instead"],
    [
      '{ owner: "{user}" }',
      "ownerTags.owner: has the unknown placeholder {user}; write {role}, {session} or {account} instead",
    ],
    [
      "{ owner: role }",
      'ownerTags.owner: is "role" for every caller; write {role}, {session} or {account} in it, or the tag under tags instead',
    ],
    [
      '{ owner: "{role" }',
      'ownerTags.owner: "{role" has a character that AWS takes in no tag; write letters, digits, spaces and . _ : / = + - @ instead',
    ],
    [
      '{ owner: "{role}!" }',
      'ownerTags.owner: "!" has a character that AWS takes in no tag; write letters, digits, spaces and . _ : / = + - @ instead',
    ],
    [
      '{ "aws:owner": "{role}" }',
      'ownerTags.aws:owner: the tag "aws:owner" begins with "aws:", which is reserved for AWS; write another key instead',
    ],
    [
      `{ ${"k".repeat(129)}: "{role}" }`,
      `ownerTags.${"k".repeat(129)}: the tag key "${"k".repeat(129)}" has 129 characters; write 1 to 128 instead`,
    ],
    [`{ o: "${"v".repeat(257)}{role}" }`, "ownerTags.o: is 257 characters long; write 256 at most"],
    ["{ owner: 5 }", 'ownerTags.owner: is the number 5, not text; write "5" instead'],
    ["[owner]", 'ownerTags: is a list, not a map; write for example `ownerTags: {"owner":"{role}"}` instead'],
    [
      `{ ${many(51, (index) => `o${index}: "{role}"`)} }`,
      "ownerTags: has 51 tags; ECR takes 50 for a repository; write fewer",
    ],
  ])("refuses %s", (ownerTags, problem) => {
    expect(problemsOf(ownerTags)).toEqual([problem]);
  });

  it("refuses a key that tags have, too", () => {
    expect(problemsOf('{ owner: "{role}", team: "{account}" }', "{ team: a, cost: b }")).toEqual([
      'ownerTags.team: "team" is also a key of tags; write it in one of them',
    ]);
  });

  it("refuses more tags than ECR takes for a repository, together", () => {
    const ownerTags = `{ ${many(26, (index) => `o${index}: "{role}"`)} }`;

    expect(problemsOf(ownerTags, `{ ${many(25, (index) => `t${index}: x`)} }`)).toEqual([
      "ownerTags: has 26 tags beside 25 in tags; ECR takes 50 for a repository; write fewer",
    ]);
  });
});
