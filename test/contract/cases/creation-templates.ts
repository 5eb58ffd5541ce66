import type { CreateRepositoryCreationTemplateCommandInput } from "@aws-sdk/client-ecr";
import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import type { ContractContext } from "../../support/contract-context.ts";
import { imageWith } from "../../support/contract-images.ts";
import { expectRefusal, texts } from "../../support/contract-refusals.ts";
import { type RegistryHost, refusalOf } from "../../support/contract-registry.ts";

type Template = Partial<CreateRepositoryCreationTemplateCommandInput>;

const lifecyclePolicy = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 5 },
      action: { type: "expire" },
    },
  ],
});
const excluding = {
  imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
  imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "dev-*" }],
} satisfies Template;

/** A template below the names of this case, deleted at its end. */
async function makeTemplate(context: ContractContext, template: Template = {}) {
  const prefix = template.prefix ?? context.prefix;
  const { repositoryCreationTemplate } = await context.ecr.createRepositoryCreationTemplate({
    appliedFor: ["CREATE_ON_PUSH"],
    ...template,
    prefix,
  });
  context.atEnd(async () => {
    await context.ecr.deleteRepositoryCreationTemplate({ prefix }).catch((error: Error) => {
      if (error.name !== "TemplateNotFoundException") throw error;
    });
  });
  return repositoryCreationTemplate;
}

async function startUpload(host: RegistryHost, name: string): Promise<Response> {
  return host.send("POST", `/v2/${name}/blobs/uploads/`);
}

/** The first push of a client: the repository, as it is afterwards. */
async function firstPush(context: ContractContext, name: string) {
  const started = await startUpload(await context.registry("private"), name);
  expect(started.status).toBe(202);
  return (await context.ecr.describeRepositories({ repositoryNames: [name] })).repositories?.[0];
}

/** A template is a setting of the registry, and the first one makes a service-linked role: all of it wants an account of one's own. */
const owned = { on: "private", needs: "own-account" } as const;

export const cases: readonly ContractCase[] = [
  {
    ...owned,
    name: "creates a template with defaults, and describes it by its prefix",
    async run(context) {
      const created = await makeTemplate(context);
      expect(created).toMatchObject({
        prefix: context.prefix,
        appliedFor: ["CREATE_ON_PUSH"],
        imageTagMutability: "MUTABLE",
        createdAt: expect.any(Date),
      });
      const { repositoryCreationTemplates } = await context.ecr.describeRepositoryCreationTemplates({
        prefixes: [context.prefix],
      });
      expect(repositoryCreationTemplates).toMatchObject([{ prefix: context.prefix, createdAt: created?.createdAt }]);
    },
  },
  {
    ...owned,
    name: "refuses a second template of the same prefix",
    async run(context) {
      await makeTemplate(context);
      await expectRefusal(makeTemplate(context), "TemplateAlreadyExistsException");
    },
  },
  {
    ...owned,
    name: "changes what an update names and keeps the rest",
    async run(context) {
      await makeTemplate(context, { description: "of the contract", lifecyclePolicy });
      await context.ecr.updateRepositoryCreationTemplate({ prefix: context.prefix, ...excluding });
      const { repositoryCreationTemplates } = await context.ecr.describeRepositoryCreationTemplates({
        prefixes: [context.prefix],
      });
      const [template] = repositoryCreationTemplates ?? [];
      expect(template).toMatchObject({ description: "of the contract", ...excluding });
      expect(JSON.parse(template?.lifecyclePolicy ?? "")).toEqual(JSON.parse(lifecyclePolicy));
    },
  },
  {
    ...owned,
    name: "deletes a template once, and then has none to update",
    async run(context) {
      const { prefix } = context;
      await makeTemplate(context);
      const deleted = await context.ecr.deleteRepositoryCreationTemplate({ prefix });
      expect(deleted.repositoryCreationTemplate?.prefix).toBe(prefix);
      await expectRefusal(context.ecr.deleteRepositoryCreationTemplate({ prefix }), "TemplateNotFoundException");
      await expectRefusal(context.ecr.updateRepositoryCreationTemplate({ prefix }), "TemplateNotFoundException");
    },
  },
  ...(
    [
      ["a prefix that no name has", { prefix: "Upper" }],
      ["an unknown purpose", { appliedFor: ["PUSH" as "REPLICATION"] }],
      ["filters that are missing", { imageTagMutability: "MUTABLE_WITH_EXCLUSION" }],
      ["a lifecycle policy that is none", { lifecyclePolicy: "{}" }],
      ["an access policy that is none", { repositoryPolicy: "{}" }],
    ] satisfies [string, Template][]
  ).map(
    ([what, template]): ContractCase => ({
      ...owned,
      name: `refuses a template with ${what}`,
      async run(context) {
        await expectRefusal(makeTemplate(context, template), "InvalidParameterException");
      },
    }),
  ),
  {
    ...owned,
    name: "gives a repository that a push makes all that the template says",
    async run(context) {
      const registryId = await context.registryId();
      const policy = {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "OwnAccount",
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${registryId}:root` },
            Action: "ecr:BatchGetImage",
          },
        ],
      };
      await makeTemplate(context, { ...excluding, lifecyclePolicy, repositoryPolicy: JSON.stringify(policy) });
      const repositoryName = context.newName("private");

      expect(await firstPush(context, repositoryName)).toMatchObject({ repositoryName, ...excluding });
      const lifecycle = await context.ecr.getLifecyclePolicy({ repositoryName });
      expect(JSON.parse(lifecycle.lifecyclePolicyText ?? "")).toEqual(JSON.parse(lifecyclePolicy));
      const { policyText } = await context.ecr.getRepositoryPolicy({ repositoryName });
      expect(JSON.parse(policyText ?? "")).toMatchObject({ Statement: [{ Sid: "OwnAccount" }] });

      const repository = await context.existing("private", repositoryName);
      await repository.sendImage(imageWith("first"), "v1");
      expect((await refusalOf(await repository.sendManifest(await sent(repository, "second"), "v1"))).code).toBe(
        "TAG_INVALID",
      );
    },
  },
  {
    ...owned,
    name: "takes the longest prefix, which ends with a path segment",
    async run(context) {
      await makeTemplate(context, { imageTagMutability: "MUTABLE" });
      await makeTemplate(context, { prefix: `${context.prefix}/team`, imageTagMutability: "IMMUTABLE" });
      const pushed = (last: string) => firstPush(context, context.newName("private", last));
      expect(await pushed("team/web")).toMatchObject({ imageTagMutability: "IMMUTABLE" });
      expect(await pushed("teamwork")).toMatchObject({ imageTagMutability: "MUTABLE" });
      expect(await pushed("team")).toMatchObject({ imageTagMutability: "MUTABLE" });
    },
  },
  {
    ...owned,
    name: "leaves a push to a missing repository refused where the template is for another purpose",
    async run(context) {
      await makeTemplate(context, { appliedFor: ["REPLICATION", "PULL_THROUGH_CACHE"] });
      const place = { name: context.newName("private"), registryId: await context.registryId() };
      const started = await startUpload(await context.registry("private"), place.name);
      expect(await refusalOf(started)).toEqual({
        status: 404,
        code: "NAME_UNKNOWN",
        message: texts.repositoryUnknown(place),
      });
    },
  },
  {
    ...owned,
    name: "makes no repository for a client that only reads",
    async run(context) {
      await makeTemplate(context);
      const repositoryName = context.newName("private");
      const host = await context.registry("private");
      const digest = imageWith("any").digest;
      expect((await host.send("HEAD", `/v2/${repositoryName}/manifests/${digest}`)).status).toBe(404);
      await expectRefusal(context.ecr.describeImages({ repositoryName }), "RepositoryNotFoundException");
    },
  },
  {
    ...owned,
    name: "makes no repository from a template with tags and without a role that may set them",
    async run(context) {
      await makeTemplate(context, { resourceTags: [{ Key: "owner", Value: "a" }] });
      const repositoryName = context.newName("private");
      const started = await startUpload(await context.registry("private"), repositoryName);
      expect(started.status).toBeGreaterThanOrEqual(400);
      await expectRefusal(
        context.ecr.describeRepositories({ repositoryNames: [repositoryName] }),
        "RepositoryNotFoundException",
      );
    },
  },
];

/** The image, after its blobs were sent. */
async function sent(repository: Awaited<ReturnType<ContractContext["existing"]>>, layer: string) {
  const image = imageWith(layer);
  for (const blob of image.blobs) await repository.sendBlob(blob);
  return image;
}
