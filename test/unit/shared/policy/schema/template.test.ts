import { describe, expect, it } from "vitest";
import { problemsOf, problemsOfTemplate } from "../support.ts";

const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(", ");
const key = "arn:aws:kms:eu-west-1:111122223333:key/mrk-0123";

describe("the schema of a template", () => {
  it.each([
    ["all modes without exclusions", ["mutability: { mode: IMMUTABLE }"]],
    [
      "five patterns with two * each",
      ['mutability: { mode: MUTABLE_WITH_EXCLUSION, exclude: ["*a*", "*b*", "*c*", "*d*", "*e*"] }'],
    ],
    [
      "a pattern of 128 characters",
      [`mutability: { mode: IMMUTABLE_WITH_EXCLUSION, exclude: ["${"a".repeat(128)}"] }`],
    ],
    ["an empty list of exclusions with a plain mode", ["mutability: { mode: MUTABLE, exclude: [] }"]],
    ["a KMS key", [`encryption: { type: KMS, kmsKey: "${key}" }`]],
    ["KMS_DSSE in GovCloud", [`encryption: { type: KMS_DSSE, kmsKey: "${key.replace("aws:", "aws-us-gov:")}" }`]],
    ["50 tags", [`tags: { ${many(50, (index) => `t${index}: x`)} }`]],
    ["tags in any script, and an empty value", ['tags: { "größe +-=._:/@": "" }']],
    ["a description of 256 characters", [`description: ${"d".repeat(256)}`]],
    ["no creation at all", ["createOn: []"]],
  ])("accepts %s", (_, lines) => {
    expect(problemsOfTemplate(...lines)).toEqual([]);
  });

  it.each([
    [
      "mutability: { mode: IMUTABLE }",
      '4:25  templates[0].mutability.mode: is "IMUTABLE", which is not one of MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION; write MUTABLE instead',
    ],
    [
      "mutability: { exclude: [] }",
      "4:17  templates[0].mutability.mode: is missing; write one of MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION",
    ],
    [
      "mutability: { mode: IMMUTABLE_WITH_EXCLUSION }",
      '4:17  templates[0].mutability.exclude: is empty or missing, and IMMUTABLE_WITH_EXCLUSION needs it; write `exclude: ["dev-*"]` with your patterns, or `mode: IMMUTABLE`',
    ],
    [
      "mutability: { mode: MUTABLE_WITH_EXCLUSION, exclude: [] }",
      '4:58  templates[0].mutability.exclude: is empty or missing, and MUTABLE_WITH_EXCLUSION needs it; write `exclude: ["dev-*"]` with your patterns, or `mode: MUTABLE`',
    ],
    [
      "mutability: { mode: MUTABLE, exclude: [a] }",
      "4:43  templates[0].mutability.exclude: is refused with MUTABLE; write `mode: MUTABLE_WITH_EXCLUSION` instead, or remove it",
    ],
    [
      "mutability: { mode: MUTABLE_WITH_EXCLUSION, exclude: [a, b, c, d, e, f] }",
      "4:58  templates[0].mutability.exclude: has more than five patterns, which is all that ECR takes; write fewer or wider ones",
    ],
    [
      "mutability: { mode: MUTABLE_WITH_EXCLUSION, exclude: [a, a] }",
      '4:62  templates[0].mutability.exclude[1]: "a" stands here twice; write it once',
    ],
    [
      'mutability: { mode: MUTABLE_WITH_EXCLUSION, exclude: ["a*b*c*"] }',
      '4:59  templates[0].mutability.exclude[0]: "a*b*c*" has more than two *; write a pattern with two at most',
    ],
    [
      "mutability: { mode: MUTABLE_WITH_EXCLUSION, exclude: [a/b] }",
      '4:59  templates[0].mutability.exclude[0]: "a/b" is no tag pattern; write 1 to 128 of the characters a-z, A-Z, 0-9, ".", "_", "-" and "*" instead',
    ],
    [
      "encryption: { type: KMS }",
      "4:17  templates[0].encryption.kmsKey: is missing, and KMS needs it; write `kmsKey: arn:aws:kms:REGION:ACCOUNT:key/ID` with your key",
    ],
    [
      "encryption: { type: KMS, kmsKey: alias/x }",
      '4:38  templates[0].encryption.kmsKey: "alias/x" is not the whole ARN of a key; write arn:aws:kms:REGION:ACCOUNT:key/ID instead',
    ],
    [
      `encryption: { type: AES256, kmsKey: "${key}" }`,
      "4:41  templates[0].encryption.kmsKey: is refused with AES256; remove it, or write `type: KMS` instead",
    ],
    [
      `encryption: { type: KMS_DSSE, kmsKey: "${key}" }`,
      "4:25  templates[0].encryption.type: KMS_DSSE is there in AWS GovCloud (US) only, and the key is not; write `type: KMS` instead",
    ],
    ["scanOnPush: 1", "4:17  templates[0].scanOnPush: is the number 1, not true or false; write true or false instead"],
    [
      `description: ${"d".repeat(257)}`,
      "4:18  templates[0].description: is longer than 256 characters, which is all that ECR takes; write a shorter one",
    ],
    [
      "tags: { AWS:team: a }",
      '4:23  templates[0].tags.AWS:team: the tag "AWS:team" begins with "aws:", which is reserved for AWS; write another key instead',
    ],
    ["tags: { cost: 0042 }", '4:19  templates[0].tags.cost: is the number 42, not text; write "0042" instead'],
    ["tags: { cost: }", "4:19  templates[0].tags.cost: is empty; write text, or remove the line"],
    [
      "tags: { a?: b }",
      '4:17  templates[0].tags.a?: "a?" has a character that AWS takes in no tag; write letters, digits, spaces and . _ : / = + - @ instead',
    ],
    ['tags: { "": b }', '4:17  templates[0].tags.: the tag key "" has 0 characters; write 1 to 128 instead'],
    [`tags: { a: ${"v".repeat(257)} }`, "4:16  templates[0].tags.a: is 257 characters long; write 256 at most"],
    [
      `tags: { ${many(51, (index) => `t${index}: x`)} }`,
      "4:11  templates[0].tags: has 51 tags; ECR takes 50 for a repository; write fewer",
    ],
    [
      "createOn: [pull]",
      '4:16  templates[0].createOn[0]: is "pull"; write one of push, pull-through-cache, replication instead',
    ],
    ["createOn: [push, push]", "4:15  templates[0].createOn: names a creation twice; write each once"],
  ])("refuses %s", (line, problem) => {
    expect(problemsOfTemplate(line)).toEqual([problem]);
  });

  it.each([
    ["team-a", []],
    ["team-a/tools/", []],
    ["ROOT", []],
    ["a", []],
    ["team_a/x__y.z", []],
    ["/team-a", ['1:36  templates[0].prefix: "/team-a" is no prefix that ECR takes; write team-a instead']],
    ["Team A", ['1:36  templates[0].prefix: "Team A" is no prefix that ECR takes; write team/a instead']],
    [
      "-",
      [
        '1:36  templates[0].prefix: "-" is no prefix that ECR takes; write lower-case words joined by one of . _ - or /, or ROOT instead',
      ],
    ],
    [
      "a".repeat(257),
      ["1:36  templates[0].prefix: is longer than 256 characters, which is all that ECR takes; write a shorter one"],
    ],
  ])("judges the prefix %s", (prefix, problems) => {
    expect(problemsOf(`{ version: 1, templates: [{prefix: "${prefix}"}]}`)).toEqual(problems);
  });

  it("refuses one prefix twice, with and without the / at its end, also when other things are wrong", () => {
    expect(
      problemsOf("version: 1\ntemplates:\n  - prefix: a\n    scanOnPush: 5\n  - prefix: ROOT\n  - prefix: a/\n"),
    ).toEqual([
      "4:17  templates[0].scanOnPush: is the number 5, not true or false; write true or false instead",
      '6:13  templates[2].prefix: "a" is also the prefix of templates[0]; write one template for it',
    ]);
  });
});
