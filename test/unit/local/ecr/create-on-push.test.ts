import {
  CreateRepositoryCreationTemplateCommand,
  type CreateRepositoryCreationTemplateCommandInput,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { ensureRepositoryForPush } from "../../../../local/ecr/create-on-push.ts";
import { settingsOf } from "../../../../local/ecr/settings.ts";
import { accountId, roleArn, startAccount } from "./start-account.ts";

type Template = Partial<CreateRepositoryCreationTemplateCommandInput> & { prefix: string };

const lifecyclePolicy = `{
  "rules": [{ "rulePriority": 1, "selection": { "tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 1 }, "action": { "type": "expire" } }]
}`;

async function withTemplates(templates: Template[], options: Parameters<typeof startAccount>[0] = {}) {
  const started = await startAccount(options);
  const ecr = started.client();
  for (const template of templates) {
    await ecr.send(new CreateRepositoryCreationTemplateCommand({ appliedFor: ["CREATE_ON_PUSH"], ...template }));
  }
  started.trail.length = 0;
  const push = (name: string) => ensureRepositoryForPush(started.account, name, started.user.identity);
  const settings = (name: string) => {
    const record = started.store.private.repository(name);
    return record === undefined ? undefined : settingsOf(record);
  };
  return { ...started, push, settings };
}

describe("creation on push", () => {
  it("makes the repository with everything that the template says, and with no scanning", async () => {
    const { push, settings, store, trail } = await withTemplates([
      {
        prefix: "team-a",
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "dev-*" }],
        lifecyclePolicy,
        resourceTags: [{ Key: "owner", Value: "a" }],
        customRoleArn: roleArn,
      },
    ]);

    await push("team-a/web");

    expect(settings("team-a/web")).toEqual({
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      exclusionFilters: [{ filterType: "WILDCARD", filter: "dev-*" }],
      scanOnPush: false,
      encryption: { encryptionType: "AES256" },
      tags: [{ Key: "owner", Value: "a" }],
      lifecyclePolicyText: JSON.stringify(JSON.parse(lifecyclePolicy)),
    });
    expect(store.private.repository("team-a/web")?.tagRule).toEqual({ tags: "immutable", except: ["dev-*"] });
    expect(trail).toEqual([]);
  });

  it.each([
    ["prod/team/web", "IMMUTABLE"],
    ["prod/web", "MUTABLE"],
    ["prod/teamwork", "MUTABLE"],
    ["prod", "IMMUTABLE_WITH_EXCLUSION"],
    ["production/web", "IMMUTABLE_WITH_EXCLUSION"],
  ])("takes the longest prefix for %s, a slash implied at its end, and ROOT last", async (name, mode) => {
    const { push, settings } = await withTemplates([
      { prefix: "prod", imageTagMutability: "MUTABLE" },
      { prefix: "prod/team/", imageTagMutability: "IMMUTABLE" },
      {
        prefix: "ROOT",
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "*" }],
      },
    ]);

    await push(name);

    expect(settings(name)?.imageTagMutability).toBe(mode);
  });

  it.each([
    ["no template covers the name", [{ prefix: "other" }], {}],
    ["the template is for another scenario", [{ prefix: "ROOT", appliedFor: ["REPLICATION" as const] }], {}],
    ["the Region has no creation on push", [{ prefix: "ROOT" }], { context: { createOnPush: false } }],
  ])("does nothing when %s", async (_, templates, options) => {
    const { push, store } = await withTemplates(templates, options);

    await push("team-a/web");

    expect(store.private.repositories()).toEqual([]);
  });

  it("leaves a repository that is there as it is", async () => {
    const { push, settings, client } = await withTemplates([{ prefix: "team-a" }]);
    await push("team-a/web");
    await client().send(
      new CreateRepositoryCreationTemplateCommand({
        prefix: "ROOT",
        appliedFor: ["CREATE_ON_PUSH"],
        imageTagMutability: "IMMUTABLE",
      }),
    );

    await push("team-a/web");

    expect(settings("team-a/web")?.imageTagMutability).toBe("MUTABLE");
  });

  it.each([
    ["tags", { resourceTags: [{ Key: "owner", Value: "a" }] }],
    ["a KMS key", { encryptionConfiguration: { encryptionType: "KMS" as const } }],
  ])("fails for a template with %s and without a role", async (_, template) => {
    const { push, store } = await withTemplates([{ prefix: "team-a", ...template }]);

    await expect(push("team-a/web")).rejects.toMatchObject({
      code: "AccessDeniedException",
      message:
        "The repository 'team-a/web' cannot be created on push: its creation template 'team-a' sets resource tags or KMS encryption and has no customRoleArn",
    });
    expect(store.private.repositories()).toEqual([]);
  });

  it("encrypts with the key of the template, and with the one that AWS manages where it names none", async () => {
    const template = { customRoleArn: roleArn, prefix: "named" };
    const kmsKey = `arn:aws:kms:eu-west-1:${accountId}:key/1111`;
    const { push, settings } = await withTemplates([
      { ...template, encryptionConfiguration: { encryptionType: "KMS", kmsKey } },
      { ...template, prefix: "unnamed", encryptionConfiguration: { encryptionType: "KMS", kmsKey: "" } },
    ]);

    await push("named/web");
    await push("unnamed/web");

    expect(settings("named/web")?.encryption).toEqual({ encryptionType: "KMS", kmsKey });
    expect(settings("unnamed/web")?.encryption).toEqual({
      encryptionType: "KMS",
      kmsKey: expect.stringMatching(/^arn:aws:kms:eu-west-1:123456789012:key\/[0-9a-f-]{36}$/),
    });
  });

  it.each([false, true])(
    "leaves no repository behind a key that cannot be used (on the trail: %s)",
    async (onTrail) => {
      const kmsKey = `arn:aws:kms:eu-west-1:${accountId}:key/1111`;
      const { push, store, trail } = await withTemplates(
        [{ prefix: "team-a", customRoleArn: roleArn, encryptionConfiguration: { encryptionType: "KMS", kmsKey } }],
        { context: { kmsKeys: [], createOnPushInTrail: onTrail } },
      );

      await expect(push("team-a/web")).rejects.toMatchObject({
        code: "KmsException",
        message: `Key '${kmsKey}' does not exist`,
      });
      expect(store.private.repositories()).toEqual([]);
      expect(trail.map(({ call, error }) => [call.operation, error?.code])).toEqual(
        onTrail ? [["CreateRepository", "KmsException"]] : [],
      );
    },
  );

  it("is done once by the layers of one push, which come together", async () => {
    const { push, store } = await withTemplates([{ prefix: "team-a" }]);

    await Promise.all([push("team-a/web"), push("team-a/web"), push("team-a/web")]);

    expect(store.private.repositories().map((record) => record.name)).toEqual(["team-a/web"]);
  });

  it("shows on the trail as a call of the service, where that is chosen", async () => {
    const { push, trail, store } = await withTemplates([{ prefix: "team-a", imageTagMutability: "IMMUTABLE" }], {
      context: { createOnPushInTrail: true },
    });

    await push("team-a/web");

    expect(store.private.repository("team-a/web")).toBeDefined();
    expect(trail).toMatchObject([
      {
        call: {
          operation: "CreateRepository",
          parameters: { repositoryName: "team-a/web", imageTagMutability: "IMMUTABLE" },
          resources: [`arn:aws:ecr:eu-west-1:${accountId}:repository/team-a/web`],
          identity: { type: "service", service: "ecr.amazonaws.com", accountId },
        },
        response: { repository: { repositoryName: "team-a/web" } },
        error: undefined,
      },
    ]);
  });
});
