import {
  CreateRepositoryCreationTemplateCommand,
  type CreateRepositoryCreationTemplateCommandInput,
  DeleteRepositoryCreationTemplateCommand,
  DescribeRepositoryCreationTemplatesCommand,
  TemplateAlreadyExistsException,
  TemplateNotFoundException,
  UpdateRepositoryCreationTemplateCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { accountId, startAccount } from "./start-account.ts";

const lifecyclePolicy = `{
  "rules": [{ "rulePriority": 1, "selection": { "tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 1 }, "action": { "type": "expire" } }]
}`;
const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" }] };

async function withTemplate(input: Partial<CreateRepositoryCreationTemplateCommandInput> = {}) {
  const started = await startAccount();
  const ecr = started.client();
  const created = await ecr.send(
    new CreateRepositoryCreationTemplateCommand({ prefix: "team-a", appliedFor: ["CREATE_ON_PUSH"], ...input }),
  );
  return { ...started, ecr, template: created.repositoryCreationTemplate };
}

describe("repository creation templates", () => {
  it("are created with the service's defaults", async () => {
    const { template } = await withTemplate();

    expect(template).toEqual({
      prefix: "team-a",
      appliedFor: ["CREATE_ON_PUSH"],
      imageTagMutability: "MUTABLE",
      encryptionConfiguration: { encryptionType: "AES256" },
      createdAt: new Date("2026-03-01T10:00:00.250Z"),
      updatedAt: new Date("2026-03-01T10:00:00.250Z"),
    });
  });

  it("keep the lifecycle policy as given and the access policy in the service's format", async () => {
    const { template } = await withTemplate({ lifecyclePolicy, repositoryPolicy: JSON.stringify(policy) });

    expect(template?.lifecyclePolicy).toBe(lifecyclePolicy);
    expect(template?.repositoryPolicy).toContain('"Version" : "2012-10-17",\n');
    expect(JSON.parse(template?.repositoryPolicy ?? "")).toEqual(policy);
  });

  it("are there once per prefix, with or without a slash at its end", async () => {
    const { ecr } = await withTemplate();

    const again = ecr.send(
      new CreateRepositoryCreationTemplateCommand({ prefix: "team-a/", appliedFor: ["REPLICATION"] }),
    );

    await expect(again).rejects.toBeInstanceOf(TemplateAlreadyExistsException);
    await expect(again).rejects.toThrow(
      `The repository creation template with prefix 'team-a/' already exists in the registry with id '${accountId}'`,
    );
  });

  it("change what is given, keep what is not, and lose what is emptied", async () => {
    const { ecr } = await withTemplate({
      description: "of team a",
      lifecyclePolicy,
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "dev-*" }],
    });

    const filters = [{ filterType: "WILDCARD", filter: "latest" } as const];
    const first = await ecr.send(
      new UpdateRepositoryCreationTemplateCommand({
        prefix: "team-a",
        lifecyclePolicy: "",
        imageTagMutabilityExclusionFilters: filters,
      }),
    );
    expect(first.repositoryCreationTemplate).toMatchObject({
      description: "of team a",
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: filters,
    });
    expect(first.repositoryCreationTemplate).not.toHaveProperty("lifecyclePolicy");

    const second = await ecr.send(
      new UpdateRepositoryCreationTemplateCommand({
        prefix: "team-a",
        imageTagMutability: "IMMUTABLE",
        appliedFor: ["REPLICATION"],
      }),
    );
    expect(second.repositoryCreationTemplate).toMatchObject({
      imageTagMutability: "IMMUTABLE",
      appliedFor: ["REPLICATION"],
    });
    expect(second.repositoryCreationTemplate).not.toHaveProperty("imageTagMutabilityExclusionFilters");
  });

  it("are listed by prefix, in pages, without those that are not there", async () => {
    const { ecr } = await withTemplate();
    await ecr.send(new CreateRepositoryCreationTemplateCommand({ prefix: "ROOT", appliedFor: ["CREATE_ON_PUSH"] }));
    await ecr.send(new CreateRepositoryCreationTemplateCommand({ prefix: "prod/", appliedFor: ["CREATE_ON_PUSH"] }));
    const prefixes = async (input: { prefixes?: string[]; maxResults?: number; nextToken?: string | undefined }) => {
      const page = await ecr.send(new DescribeRepositoryCreationTemplatesCommand(input));
      return { found: page.repositoryCreationTemplates?.map(({ prefix }) => prefix), nextToken: page.nextToken };
    };

    const first = await prefixes({ maxResults: 2 });

    expect(first.found).toEqual(["ROOT", "prod/"]);
    expect(await prefixes({ maxResults: 2, nextToken: first.nextToken })).toEqual({
      found: ["team-a"],
      nextToken: undefined,
    });
    expect((await prefixes({ prefixes: ["prod", "none", "team-a"] })).found).toEqual(["prod/", "team-a"]);
  });

  it("are deleted once", async () => {
    const { ecr } = await withTemplate();

    const { repositoryCreationTemplate } = await ecr.send(
      new DeleteRepositoryCreationTemplateCommand({ prefix: "team-a" }),
    );
    const again = ecr.send(new DeleteRepositoryCreationTemplateCommand({ prefix: "team-a" }));

    expect(repositoryCreationTemplate?.prefix).toBe("team-a");
    await expect(again).rejects.toBeInstanceOf(TemplateNotFoundException);
    await expect(ecr.send(new UpdateRepositoryCreationTemplateCommand({ prefix: "team-a" }))).rejects.toThrow(
      `The repository creation template with prefix 'team-a' does not exist in the registry with id '${accountId}'`,
    );
  });

  it.each([
    [{ prefix: "Team" }, "'prefix' failed to satisfy constraint: 'Member must satisfy regular expression pattern: ^("],
    [{ appliedFor: undefined }, "'appliedFor' failed to satisfy constraint: 'Member must not be null'"],
    [
      { appliedFor: ["PUSH" as "REPLICATION"] },
      "'appliedFor' failed to satisfy constraint: 'Member must satisfy constraint: [Member must satisfy enum value set: [REPLICATION, PULL_THROUGH_CACHE, CREATE_ON_PUSH]]'",
    ],
    [
      { encryptionConfiguration: { encryptionType: "KMS" as const, kmsKey: "alias/ecr" } },
      "'encryptionConfiguration.kmsKey' failed to satisfy constraint: 'Member must satisfy regular expression pattern: ^$|arn:aws",
    ],
    [
      { imageTagMutability: "MUTABLE_WITH_EXCLUSION" as const },
      "'imageTagMutabilityExclusionFilters' failed to satisfy constraint: 'ImageTagMutabilityExclusionFilters can't be null when",
    ],
    [
      { lifecyclePolicy: "{}" },
      "'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: object has missing",
    ],
    [{ repositoryPolicy: "{}" }, "'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'"],
    [
      { customRoleArn: "governor" },
      "'customRoleArn' failed to satisfy constraint: 'must be the ARN of a role in the account 123456789012'",
    ],
  ])("are refused for %j", async (input, message) => {
    await expect(withTemplate(input as Partial<CreateRepositoryCreationTemplateCommandInput>)).rejects.toThrow(
      `Invalid parameter at ${message}`,
    );
  });
});
