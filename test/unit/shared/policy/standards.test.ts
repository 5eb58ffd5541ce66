import { describe, expect, it } from "vitest";
import { describeDifference, differences, type RepositoryState, type Standards } from "#shared/policy/standards.ts";

const lifecyclePolicy =
  '{"rules":[{"action":{"type":"expire"},"rulePriority":1,"selection":{"countNumber":20,"countType":"imageCountMoreThan","tagStatus":"any"}}]}';
const repositoryPolicy =
  '{"Statement":[{"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],"Effect":"Allow","Principal":{"AWS":"111122223333"}}],"Version":"2012-10-17"}';
const kmsKey = "arn:aws:kms:eu-west-1:111122223333:key/1111";

const standard: Standards = {
  mutability: { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["dev-*", "tmp-*"] },
  scanOnPush: true,
  encryption: { type: "KMS", kmsKey },
  lifecyclePolicy,
  repositoryPolicy,
  tags: { team: "a", cost: "42" },
};

const atStandard: RepositoryState = {
  mutability: { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["tmp-*", "dev-*"] },
  scanOnPush: true,
  encryption: { type: "KMS", kmsKey },
  lifecyclePolicy: JSON.stringify(JSON.parse(lifecyclePolicy), null, 2),
  repositoryPolicy:
    '{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111122223333:root" }, "Action": ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"] } }',
  tags: { owner: "somebody", cost: "42", team: "a" },
};

describe("differences", () => {
  it("finds none in a repository that means the same as its template", () => {
    expect(differences(standard, atStandard)).toEqual([]);
  });

  it("governs nothing that the template does not give", () => {
    const state: RepositoryState = {
      ...atStandard,
      scanOnPush: false,
      mutability: { mode: "MUTABLE", exclude: [] },
      lifecyclePolicy: "{}",
    };

    expect(differences({}, state)).toEqual([]);
    expect(differences({ scanOnPush: true }, state).map(({ setting }) => setting)).toEqual(["scanOnPush"]);
  });

  it("does not compare what was not read", () => {
    expect(differences(standard, { mutability: { mode: "MUTABLE", exclude: [] } })).toEqual([
      { setting: "mutability", present: { mode: "MUTABLE", exclude: [] }, wanted: standard.mutability, fixable: true },
    ]);
  });

  it("lists every setting of a bare repository once, and only encryption as not fixable", () => {
    const bare: RepositoryState = {
      mutability: { mode: "MUTABLE", exclude: [] },
      scanOnPush: false,
      encryption: { type: "AES256" },
      lifecyclePolicy: undefined,
      repositoryPolicy: undefined,
      tags: {},
    };

    expect(differences(standard, bare)).toEqual([
      { setting: "mutability", present: { mode: "MUTABLE", exclude: [] }, wanted: standard.mutability, fixable: true },
      { setting: "scanOnPush", present: false, wanted: true, fixable: true },
      { setting: "lifecyclePolicy", present: undefined, wanted: lifecyclePolicy, fixable: true },
      { setting: "repositoryPolicy", present: undefined, wanted: repositoryPolicy, fixable: true },
      { setting: "tags", present: {}, wanted: { team: "a", cost: "42" }, fixable: true },
      { setting: "encryption", present: { type: "AES256" }, wanted: { type: "KMS", kmsKey }, fixable: false },
    ]);
  });

  it.each([
    ["other filters", { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["dev-*"] }, 1],
    ["more filters", { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["dev-*", "tmp-*", "x"] }, 1],
    ["the opposite mode with the same filters", { mode: "MUTABLE_WITH_EXCLUSION", exclude: ["dev-*", "tmp-*"] }, 1],
    ["the filters in another order", { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["tmp-*", "dev-*"] }, 0],
  ] as const)("counts %s as it should", (_, mutability, count) => {
    expect(
      differences({ mutability: { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["dev-*", "tmp-*"] } }, { mutability }),
    ).toHaveLength(count);
  });

  it("does not mind filters left beside a mode without exclusions", () => {
    const left = { mutability: { mode: "IMMUTABLE", exclude: ["dev-*"] } } as const;

    expect(differences({ mutability: { mode: "IMMUTABLE", exclude: [] } }, left)).toEqual([]);
  });

  it("names only the tags that differ, with what stands there now", () => {
    const [difference] = differences(
      { tags: { team: "a", cost: "42", constructor: "x" } },
      { tags: { team: "b", cost: "42", other: "y" } },
    );

    expect(difference).toEqual({
      setting: "tags",
      present: { team: "b" },
      wanted: { team: "a", constructor: "x" },
      fixable: true,
    });
  });

  it("tells one key from another", () => {
    const other = kmsKey.replace("1111", "2222");

    expect(
      differences({ encryption: { type: "KMS", kmsKey } }, { encryption: { type: "KMS", kmsKey: other } }),
    ).toEqual([
      {
        setting: "encryption",
        present: { type: "KMS", kmsKey: other },
        wanted: { type: "KMS", kmsKey },
        fixable: false,
      },
    ]);
  });
});

describe("describeDifference", () => {
  it.each([
    [{ mutability: { mode: "MUTABLE", exclude: [] } }, "mutability is MUTABLE, wanted IMMUTABLE except dev-*, tmp-*"],
    [{ scanOnPush: false }, "scan on push is off, wanted on"],
    [{ tags: { cost: "41" } }, 'tag team is missing, wanted "a"; tag cost is "41", wanted "42"'],
    [
      { encryption: { type: "AES256" } },
      `encryption is AES256, wanted KMS with ${kmsKey}; it is set at creation only, so the repository must be made anew`,
    ],
    [{ lifecyclePolicy: undefined }, `lifecycle policy is missing, wanted ${lifecyclePolicy}`],
    [{ lifecyclePolicy: '{\n  "rules": []\n}' }, `lifecycle policy is { "rules": [] }, wanted ${lifecyclePolicy}`],
  ] as [RepositoryState, string][])("says of %j: %s", (state, text) => {
    expect(differences(standard, state).map(describeDifference)).toEqual([text]);
  });

  it("shortens a long policy", () => {
    const long = JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "x".repeat(400) }] });
    const [difference] = differences({ repositoryPolicy }, { repositoryPolicy: long });

    expect(difference && describeDifference(difference)).toBe(
      `repository policy is ${long.slice(0, 200)}… (${long.length} characters), wanted ${repositoryPolicy}`,
    );
  });
});
