import { describe, expect, it } from "vitest";
import { lifecyclePolicyAsKept } from "../../../../local/ecr/lifecycle-policy.ts";

type Json = Record<string, unknown>;

const selection = (change: Json = {}): Json => ({
  tagStatus: "untagged",
  countType: "sinceImagePushed",
  countUnit: "days",
  countNumber: 14,
  ...change,
});
const rule = (change: Json = {}): Json => ({
  rulePriority: 1,
  selection: selection(),
  action: { type: "expire" },
  ...change,
});
const policy = (...rules: unknown[]) => JSON.stringify({ rules }, null, 2);
const any = (rulePriority: number, change: Json = {}) =>
  rule({ rulePriority, selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 10, ...change } });

describe("lifecycle policy", () => {
  it.each([
    ["one rule", policy(rule({ description: "old ones" }))],
    ["tags by prefix", policy(rule({ selection: selection({ tagStatus: "tagged", tagPrefixList: ["v"] }) }))],
    ["tags by pattern", policy(rule({ selection: selection({ tagStatus: "tagged", tagPatternList: ["*a*b*c*"] }) }))],
    ["archiving", policy(rule({ action: { type: "transition", targetStorageClass: "archive" } }))],
    ["any as the last rule", policy(any(7), rule({ rulePriority: 3 }))],
    [
      "one rule for untagged per storage class",
      policy(rule(), rule({ rulePriority: 2, selection: selection({ storageClass: "archive" }) })),
    ],
    [
      "fifty rules",
      policy(
        ...Array.from({ length: 50 }, (_, index) =>
          rule({ rulePriority: index + 1, selection: selection({ tagStatus: "tagged", tagPrefixList: ["v"] }) }),
        ),
      ),
    ],
  ])("with %s is kept without white space", (_, text) => {
    expect(lifecyclePolicyAsKept(text)).toBe(JSON.stringify(JSON.parse(text)));
  });

  const tagged = (change: Json) => policy(rule({ selection: selection({ tagStatus: "tagged", ...change }) }));
  it.each([
    ["not JSON", "{", "Could not map policyString into LifecyclePolicy."],
    ["a list", "[]", "Could not map policyString into LifecyclePolicy."],
    ["without rules", "{}", 'object has missing required properties (["rules"])'],
    [
      "with other members",
      '{"rules":[],"version":1}',
      'object instance has properties which are not allowed by the schema: ["version"]',
    ],
    [
      "with rules that are no list",
      '{"rules":{}}',
      'instance type (object) does not match any allowed primitive type (allowed: ["array"])',
    ],
    ["with no rule", '{"rules":[]}', "array is too short: must have at least 1 elements but instance has 0 elements"],
    [
      "with too many rules",
      policy(...Array.from({ length: 51 }, () => rule())),
      "array is too long: must have at most 50 elements but instance has 51 elements",
    ],
    [
      "with a rule that lacks members",
      policy({ rulePriority: 1 }),
      'object has missing required properties (["action","selection"])',
    ],
    [
      "with an unknown member in a rule",
      policy(rule({ name: "x" })),
      'object instance has properties which are not allowed by the schema: ["name"]',
    ],
    [
      "with a priority of 0",
      policy(rule({ rulePriority: 0 })),
      "numeric instance is lower than the required minimum (minimum: 1, found: 0)",
    ],
    [
      "with a priority in text",
      policy(rule({ rulePriority: "1" })),
      'instance type (string) does not match any allowed primitive type (allowed: ["integer"])',
    ],
    [
      "with the same priority twice",
      policy(rule(), any(1)),
      "Rule priorities must be unique, 1 is used more than once",
    ],
    [
      "with a description that is no text",
      policy(rule({ description: 1 })),
      'instance type (number) does not match any allowed primitive type (allowed: ["string"])',
    ],
    [
      "with an unknown tag status",
      policy(rule({ selection: selection({ tagStatus: "TAGGED" }) })),
      'instance value ("TAGGED") not found in enum (possible values: ["any","tagged","untagged"])',
    ],
    [
      "with an unknown count",
      policy(rule({ selection: selection({ countType: "age" }) })),
      "instance failed to match exactly one schema (matched 0 out of 2)",
    ],
    [
      "with a unit beside a number of images",
      policy(rule({ selection: selection({ countType: "imageCountMoreThan" }) })),
      "instance failed to match exactly one schema (matched 0 out of 2)",
    ],
    [
      "without a unit for an age",
      policy(rule({ selection: selection({ countUnit: undefined }) })),
      "instance failed to match exactly one schema (matched 0 out of 2)",
    ],
    [
      "with a count of 0",
      policy(rule({ selection: selection({ countNumber: 0 }) })),
      "numeric instance is lower than the required minimum (minimum: 1, found: 0)",
    ],
    [
      "for tagged images without tags",
      tagged({}),
      "Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.",
    ],
    [
      "for tagged images with both kinds of list",
      tagged({ tagPrefixList: ["a"], tagPatternList: ["a"] }),
      "Must not specify both tagPrefixList and tagPatternList.",
    ],
    [
      "for tagged images with an empty list",
      tagged({ tagPatternList: [] }),
      "array is too short: must have at least 1 elements but instance has 0 elements",
    ],
    [
      "with five stars in a pattern",
      tagged({ tagPatternList: ["*1*2*3*4*"] }),
      "tagPatternList entry '*1*2*3*4*' must not contain more than 4 wildcards",
    ],
    [
      "for untagged images with tags",
      policy(rule({ selection: selection({ tagPrefixList: ["a"] }) })),
      "Must not specify tagPrefixList or tagPatternList when tagStatus=UNTAGGED.",
    ],
    [
      "with an unknown action",
      policy(rule({ action: { type: "delete" } })),
      'instance value ("delete") not found in enum (possible values: ["expire","transition"])',
    ],
    [
      "with a storage class of null",
      policy(rule({ action: { type: "expire", targetStorageClass: null } })),
      "instance failed to match exactly one schema (matched 0 out of 2)",
    ],
    [
      "with a transition to nowhere",
      policy(rule({ action: { type: "transition" } })),
      "instance failed to match exactly one schema (matched 0 out of 2)",
    ],
    [
      "with any before another rule",
      policy(any(1), rule({ rulePriority: 2 })),
      "Rule for tagStatus=ANY must have the lowest priority per storage class",
    ],
    [
      "with two rules for untagged",
      policy(rule(), rule({ rulePriority: 2 })),
      "Only one rule can select Untagged images per storage class",
    ],
  ])("%s is refused", (_, text, reason) => {
    expect(() => lifecyclePolicyAsKept(text)).toThrow(
      `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: ${reason}'`,
    );
  });
});
