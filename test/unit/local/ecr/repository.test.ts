import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  InvalidParameterException,
  LifecyclePolicyNotFoundException,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  paginateDescribeRepositories,
  RepositoryAlreadyExistsException,
  RepositoryNotEmptyException,
  RepositoryNotFoundException,
  RepositoryPolicyNotFoundException,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  TooManyTagsException,
  UntagResourceCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { accountId, region, startAccount } from "./start-account.ts";

const repositoryName = "team-a/web";
const resourceArn = `arn:aws:ecr:${region}:${accountId}:repository/${repositoryName}`;
const kmsKey = `arn:aws:kms:${region}:${accountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const unknown = `The repository with name '${repositoryName}' does not exist in the registry with id '${accountId}'`;

async function withRepository() {
  const started = await startAccount();
  const ecr = started.client();
  await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  return { ...started, ecr };
}

describe("repositories", () => {
  it("are created with the defaults of the service", async () => {
    const { client, store } = await startAccount();

    const { repository } = await client().send(new CreateRepositoryCommand({ repositoryName }));

    expect(repository).toEqual({
      repositoryArn: resourceArn,
      registryId: accountId,
      repositoryName,
      repositoryUri: `private.localhost:5000/${repositoryName}`,
      createdAt: new Date("2026-03-01T10:00:00.250Z"),
      imageTagMutability: "MUTABLE",
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: "AES256" },
    });
    expect(store.private.repository(repositoryName)?.tagRule).toEqual({ tags: "mutable", except: [] });
  });

  it("are created with all that was asked", async () => {
    const { client, store } = await startAccount();
    const filters = [{ filterType: "WILDCARD", filter: "dev-*" } as const];

    const { repository } = await client().send(
      new CreateRepositoryCommand({
        repositoryName,
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: filters,
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: "KMS", kmsKey },
        tags: [{ Key: "owner", Value: "team-a" }],
      }),
    );
    const { tags } = await client().send(new ListTagsForResourceCommand({ resourceArn }));

    expect(repository).toMatchObject({
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: filters,
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: "KMS", kmsKey },
    });
    expect(tags).toEqual([{ Key: "owner", Value: "team-a" }]);
    expect(store.private.repository(repositoryName)?.tagRule).toEqual({ tags: "immutable", except: ["dev-*"] });
  });

  it("exist once", async () => {
    const { ecr } = await withRepository();

    const again = ecr.send(new CreateRepositoryCommand({ repositoryName }));

    await expect(again).rejects.toBeInstanceOf(RepositoryAlreadyExistsException);
    await expect(again).rejects.toThrow(
      `The repository with name '${repositoryName}' already exists in the registry with id '${accountId}'`,
    );
  });

  it.each([
    [
      { repositoryName: "Bad_Name!" },
      "'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*''",
    ],
    [
      { repositoryName: "a" },
      "'repositoryName' failed to satisfy constraint: 'must have length greater than or equal to 2'",
    ],
    [{ repositoryName: undefined }, "'repositoryName' failed to satisfy constraint: 'must not be null'"],
    [
      { repositoryName, imageTagMutability: "SOMETIMES" as "MUTABLE" },
      "'imageTagMutability' failed to satisfy constraint: 'Member must satisfy enum value set: [IMMUTABLE, MUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION]'",
    ],
    [
      { repositoryName, encryptionConfiguration: { encryptionType: "KMS_DSSE" as const } },
      "'encryptionConfiguration.encryptionType' failed to satisfy constraint: 'KMS_DSSE is only supported in the AWS GovCloud (US) Regions'",
    ],
    [
      { repositoryName, tags: [{ Key: "a", Value: undefined }] },
      "'tags.1.member.value' failed to satisfy constraint: 'Member must not be null'",
    ],
  ])("are refused for %j, and the refusal is on the trail", async (input, message) => {
    const { client, trail } = await startAccount();

    const refused = client().send(new CreateRepositoryCommand(input));

    await expect(refused).rejects.toBeInstanceOf(InvalidParameterException);
    await expect(refused).rejects.toThrow(`Invalid parameter at ${message}`);
    expect(trail).toMatchObject([
      { call: { operation: "CreateRepository" }, error: { code: "InvalidParameterException" } },
    ]);
  });

  it("are listed in pages, in the order of their names", async () => {
    const { client } = await startAccount();
    const ecr = client();
    for (const name of ["c/1", "a/1", "b/1", "a/2", "d/1"]) {
      await ecr.send(new CreateRepositoryCommand({ repositoryName: name }));
    }

    const pages: string[][] = [];
    for await (const page of paginateDescribeRepositories({ client: ecr, pageSize: 2 }, {})) {
      pages.push((page.repositories ?? []).map((repository) => repository.repositoryName ?? ""));
    }

    expect(pages).toEqual([["a/1", "a/2"], ["b/1", "c/1"], ["d/1"]]);
  });

  it("are described by name, and the first that is missing is named", async () => {
    const { ecr } = await withRepository();

    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
    const missing = ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName, "none", "nothing"] }));

    expect(repositories?.map((repository) => repository.repositoryArn)).toEqual([resourceArn]);
    await expect(missing).rejects.toBeInstanceOf(RepositoryNotFoundException);
    await expect(missing).rejects.toThrow(
      `The repository with name 'none' does not exist in the registry with id '${accountId}'`,
    );
  });

  it.each([
    [
      { repositoryNames: ["aa"], maxResults: 1 },
      "'maxResults' failed to satisfy constraint: 'maxResults cannot be used when you specify repositories with repositoryNames'",
    ],
    [
      { maxResults: 1001 },
      "'maxResults' failed to satisfy constraint: 'Member must have value less than or equal to 1000'",
    ],
    [
      { nextToken: "x" },
      "'nextToken' failed to satisfy constraint: 'must be a token returned by a previous call of the same list'",
    ],
    [
      { repositoryNames: [] },
      "'repositoryNames' failed to satisfy constraint: 'Member must have length greater than or equal to 1'",
    ],
    [
      { repositoryNames: ["A"] },
      "'repositoryName' failed to satisfy constraint: 'must have length greater than or equal to 2'",
    ],
  ])("are not described for %j", async (input, message) => {
    const { client } = await startAccount();

    await expect(client().send(new DescribeRepositoriesCommand(input))).rejects.toThrow(
      `Invalid parameter at ${message}`,
    );
  });

  it("of another account are out of reach", async () => {
    const { client } = await startAccount();
    const registryId = "210987654321";

    const refused = client().send(new DescribeRepositoriesCommand({ registryId }));

    await expect(refused).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(refused).rejects.toThrow(
      `User: arn:aws:iam::${accountId}:user/mary is not authorized to perform: ecr:DescribeRepositories on resource: arn:aws:ecr:${region}:${registryId}:repository/* because no resource-based policy allows the ecr:DescribeRepositories action`,
    );
  });

  it("are deleted when they are empty, or by force", async () => {
    const { ecr, store } = await withRepository();
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [] }),
    );
    await store.private.putManifest({
      repository: repositoryName,
      bytes,
      mediaType: undefined,
      tag: "1",
      digest: undefined,
    });

    const refused = ecr.send(new DeleteRepositoryCommand({ repositoryName }));
    await expect(refused).rejects.toBeInstanceOf(RepositoryNotEmptyException);
    await expect(refused).rejects.toThrow(
      `The repository with name '${repositoryName}' in registry with id '${accountId}' cannot be deleted because it still contains images`,
    );
    const { repository } = await ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    expect(repository?.repositoryArn).toBe(resourceArn);
    await expect(ecr.send(new DeleteRepositoryCommand({ repositoryName }))).rejects.toThrow(unknown);
  });
});

describe("settings of a repository", () => {
  it("change its mutability, filters included, and with it the store's rule", async () => {
    const { ecr, store } = await withRepository();
    const filters = [{ filterType: "WILDCARD", filter: "latest" } as const];

    const put = await ecr.send(
      new PutImageTagMutabilityCommand({
        repositoryName,
        imageTagMutability: "MUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: filters,
      }),
    );
    expect(put).toMatchObject({
      registryId: accountId,
      repositoryName,
      imageTagMutability: "MUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: filters,
    });
    expect(store.private.repository(repositoryName)?.tagRule).toEqual({ tags: "mutable", except: ["latest"] });

    await ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: "IMMUTABLE" }));
    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({}));
    expect(repositories?.[0]?.imageTagMutability).toBe("IMMUTABLE");
    expect(repositories?.[0]).not.toHaveProperty("imageTagMutabilityExclusionFilters");
    expect(store.private.repository(repositoryName)?.tagRule).toEqual({ tags: "immutable", except: [] });
  });

  it("change its scanning", async () => {
    const { ecr } = await withRepository();

    await ecr.send(
      new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration: { scanOnPush: true } }),
    );

    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({}));
    expect(repositories?.[0]?.imageScanningConfiguration).toEqual({ scanOnPush: true });
  });

  it("hold a lifecycle policy, until it is deleted", async () => {
    const { ecr } = await withRepository();
    const selection = { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 };
    const policy = { rules: [{ rulePriority: 1, selection, action: { type: "expire" } }] };
    const none = `Lifecycle policy does not exist for the repository with name '${repositoryName}' in the registry with id '${accountId}'`;
    const get = new GetLifecyclePolicyCommand({ repositoryName });

    await expect(ecr.send(get)).rejects.toBeInstanceOf(LifecyclePolicyNotFoundException);
    await ecr.send(
      new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: JSON.stringify(policy, null, 2) }),
    );
    expect(await ecr.send(get)).toMatchObject({
      registryId: accountId,
      repositoryName,
      lifecyclePolicyText: JSON.stringify(policy),
    });
    const deleted = await ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName }));
    expect(deleted.lifecyclePolicyText).toBe(JSON.stringify(policy));
    await expect(ecr.send(get)).rejects.toThrow(none);
    await expect(ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName }))).rejects.toThrow(none);
  });

  it("hold an access policy, until it is deleted", async () => {
    const { ecr } = await withRepository();
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" }],
    };
    const get = new GetRepositoryPolicyCommand({ repositoryName });

    await expect(ecr.send(get)).rejects.toBeInstanceOf(RepositoryPolicyNotFoundException);
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: JSON.stringify(policy) }));
    const { policyText } = await ecr.send(get);
    expect(JSON.parse(policyText ?? "")).toEqual(policy);
    await ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName }));
    await expect(ecr.send(get)).rejects.toThrow(
      `Repository policy does not exist for the repository with name '${repositoryName}' in the registry with id '${accountId}'`,
    );
  });

  it("hold tags, put one over another and taken away by key", async () => {
    const { ecr } = await withRepository();
    const list = async () => (await ecr.send(new ListTagsForResourceCommand({ resourceArn }))).tags;

    await ecr.send(
      new TagResourceCommand({
        resourceArn,
        tags: [
          { Key: "b", Value: "1" },
          { Key: "a", Value: "1" },
        ],
      }),
    );
    await ecr.send(new TagResourceCommand({ resourceArn, tags: [{ Key: "b", Value: "2" }] }));
    expect(await list()).toEqual([
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ]);
    await ecr.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a", "never"] }));
    expect(await list()).toEqual([{ Key: "b", Value: "2" }]);
    const tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: "" }));
    await expect(ecr.send(new TagResourceCommand({ resourceArn, tags }))).rejects.toBeInstanceOf(TooManyTagsException);
    expect(await list()).toEqual([{ Key: "b", Value: "2" }]);
  });

  it("are refused for a repository that does not exist, and for what is not a repository's ARN", async () => {
    const { client } = await startAccount();
    const ecr = client();

    await expect(
      ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: "MUTABLE" })),
    ).rejects.toThrow(unknown);
    await expect(ecr.send(new ListTagsForResourceCommand({ resourceArn }))).rejects.toThrow(unknown);
    await expect(ecr.send(new ListTagsForResourceCommand({ resourceArn: "team-a/web" }))).rejects.toThrow(
      "Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN'",
    );
  });
});
