import type { CreateRepositoryCreationTemplateCommandInput, RepositoryCreationTemplate } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { AutopilotError } from "#shared/errors.ts";
import {
  type NativeTemplate,
  nativeTemplates,
  type PresentTemplate,
  templateChanges,
} from "#shared/policy/creation-templates.ts";
import { policyWith, template } from "./support.ts";

const role = "arn:aws:iam::111122223333:role/creation";
const kmsKey = "arn:aws:kms:eu-west-1:111122223333:key/1111";
const lifecyclePolicy = '{"rules":[{"action":{"type":"expire"},"rulePriority":1}]}';
const nothing = { create: [], update: [], delete: [], foreign: [], conflicts: [] };

function native(prefix: string, settings: Parameters<typeof template>[1] = {}): NativeTemplate {
  const [only] = nativeTemplates(policyWith({ templates: [template(prefix, settings)] }), role);
  if (only === undefined) throw new Error("the template is not published");
  return only;
}

describe("nativeTemplates", () => {
  it("writes every setting in the API's shape, and leaves scanning to others", () => {
    const written: CreateRepositoryCreationTemplateCommandInput = native("team-a", {
      description: "Team A",
      mutability: { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["dev-*"] },
      scanOnPush: true,
      encryption: { type: "KMS", kmsKey },
      lifecyclePolicy,
      repositoryPolicy: '{"Version":"2012-10-17"}',
      tags: { team: "a" },
      createOn: ["push", "pull-through-cache", "replication"],
    });

    expect(written).toEqual({
      prefix: "team-a",
      description: "ecr-autopilot: Team A",
      appliedFor: ["CREATE_ON_PUSH", "PULL_THROUGH_CACHE", "REPLICATION"],
      encryptionConfiguration: { encryptionType: "KMS", kmsKey },
      resourceTags: [{ Key: "team", Value: "a" }],
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "dev-*" }],
      repositoryPolicy: '{"Version":"2012-10-17"}',
      lifecyclePolicy,
      customRoleArn: role,
    });
  });

  it("writes nothing for settings that are not governed", () => {
    expect(native("ROOT")).toEqual({
      prefix: "ROOT",
      description: "ecr-autopilot: written from the policy; changes here are overwritten",
      appliedFor: ["CREATE_ON_PUSH"],
    });
  });

  it("leaves out templates that are published for no creation", () => {
    expect(nativeTemplates(policyWith({ templates: [template("a", { createOn: [] })] }), undefined)).toEqual([]);
  });

  it.each([
    ["tags", { tags: { team: "a" } }, role],
    ["a KMS key", { encryption: { type: "KMS" as const, kmsKey } }, role],
    ["AES256", { encryption: { type: "AES256" as const } }, undefined],
    ["no tags", { tags: {} }, undefined],
  ])("with %s gives the role where it is needed", (_, settings, expected) => {
    expect(native("a", settings).customRoleArn).toBe(expected);
  });

  it("refuses a template that needs a role when there is none", () => {
    const policy = policyWith({ templates: [template("team-a", { tags: { team: "a" } })] });

    expect(() => nativeTemplates(policy, undefined)).toThrow(
      new AutopilotError(
        "custom-role-missing",
        "the template team-a has tags or a KMS key, which ECR sets at creation only with a role, and no role was given",
        { permanent: true },
      ),
    );
  });

  it("cuts a description so that it fits with the mark, and never within a character", () => {
    expect(native("a", { description: "d".repeat(241) }).description).toBe(`ecr-autopilot: ${"d".repeat(241)}`);
    expect(native("a", { description: "d".repeat(242) }).description).toBe(`ecr-autopilot: ${"d".repeat(238)}...`);
    expect(native("a", { description: `${"d".repeat(237)}😀😀😀` }).description).toBe(
      `ecr-autopilot: ${"d".repeat(237)}...`,
    );
  });
});

describe("templateChanges", () => {
  const wanted = [
    native("team-a", {
      tags: { team: "a", cost: "1" },
      lifecyclePolicy,
      mutability: { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["x", "y"] },
    }),
    native("ROOT"),
  ];

  it("creates what is missing", () => {
    expect(templateChanges(wanted, [])).toEqual({ ...nothing, create: wanted });
  });

  it("finds nothing to do when ECR gives back the same in other words", () => {
    const described: RepositoryCreationTemplate[] = [
      {
        ...wanted[1],
        prefix: "ROOT",
        encryptionConfiguration: { encryptionType: "AES256" },
        imageTagMutability: "MUTABLE",
        resourceTags: [],
        createdAt: new Date(0),
      },
      {
        ...wanted[0],
        prefix: "team-a/",
        encryptionConfiguration: { encryptionType: "AES256" },
        lifecyclePolicy: JSON.stringify(JSON.parse(lifecyclePolicy), null, 4),
        resourceTags: [
          { Key: "cost", Value: "1" },
          { Key: "team", Value: "a" },
        ],
        imageTagMutabilityExclusionFilters: [
          { filterType: "WILDCARD", filter: "y" },
          { filterType: "WILDCARD", filter: "x" },
        ],
      },
    ];

    expect(templateChanges(wanted, described)).toEqual(nothing);
  });

  it.each([
    ["description", { description: "ecr-autopilot: other" }],
    ["encryption", { encryptionConfiguration: { encryptionType: "KMS", kmsKey } }],
    ["tags", { resourceTags: [{ Key: "team", Value: "b" }] }],
    ["mutability", { imageTagMutability: "IMMUTABLE" }],
    ["repository policy", { repositoryPolicy: "{}" }],
    ["lifecycle policy", { lifecyclePolicy: "{}" }],
    ["creations", { appliedFor: ["CREATE_ON_PUSH", "REPLICATION"] }],
    ["role", { customRoleArn: role }],
  ] as [string, Partial<PresentTemplate>][])("updates a template whose %s differs", (_, difference) => {
    const root = native("ROOT");

    const { update, ...others } = templateChanges([root], [{ ...root, ...difference }]);

    expect(update.map(({ prefix }) => prefix)).toEqual(["ROOT"]);
    expect(update[0]).toMatchObject(root);
    expect(others).toEqual({ create: [], delete: [], foreign: [], conflicts: [] });
  });

  it("writes the empty value of a setting that the policy dropped, and no filters without exclusions", () => {
    const before = native("a", {
      tags: { team: "a" },
      lifecyclePolicy,
      repositoryPolicy: "{}",
      encryption: { type: "KMS", kmsKey },
      mutability: { mode: "MUTABLE_WITH_EXCLUSION", exclude: ["v*"] },
    });

    expect(templateChanges([native("a")], [{ ...before, prefix: "a/" }]).update).toEqual([
      {
        ...native("a"),
        prefix: "a/",
        encryptionConfiguration: { encryptionType: "AES256" },
        resourceTags: [],
        imageTagMutability: "MUTABLE",
        repositoryPolicy: "",
        lifecyclePolicy: "",
        customRoleArn: "",
      },
    ]);
  });

  it("has nothing left to do once a dropped setting is empty", () => {
    const [update] = templateChanges([native("a")], [native("a", { tags: { team: "a" }, lifecyclePolicy })]).update;

    expect(templateChanges([native("a")], update ? [update] : [])).toEqual(nothing);
  });

  it("deletes ours that the policy no longer has", () => {
    expect(templateChanges([], [native("old"), native("older")])).toEqual({ ...nothing, delete: ["old", "older"] });
  });

  it("leaves templates of others alone and lists them", () => {
    const theirs = [{ prefix: "team-z", description: "made by hand" }, { prefix: "team-y" }];

    expect(templateChanges([], theirs)).toEqual({ ...nothing, foreign: ["team-z", "team-y"] });
  });

  it("never overwrites a template of others with our prefix", () => {
    const theirs = [{ prefix: "team-a/", description: "about ecr-autopilot: no" }];

    expect(templateChanges(wanted, theirs)).toEqual({
      ...nothing,
      create: [wanted[1]],
      foreign: ["team-a/"],
      conflicts: ["team-a"],
    });
  });
});
