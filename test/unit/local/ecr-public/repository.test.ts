import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  paginateDescribeRepositories,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-ecr-public";
import { describe, expect, it } from "vitest";
import { imageOf } from "../ecr/image-content.ts";
import { sharedCalls, startRegistries } from "../ecr/registry-apis.ts";
import { accountId } from "../ecr/start-account.ts";

const arnOf = (name: string) => `arn:aws:ecr-public::${accountId}:repository/${name}`;
const notFound = (name: string) => ({
  name: "RepositoryNotFoundException",
  message: `The repository with name '${name}' does not exist in the registry with id '${accountId}'`,
});

describe("public repositories", () => {
  it("are created with the alias in their address, and empty catalog data", async () => {
    const { ecrPublic } = await startRegistries();
    const created = await ecrPublic.send(new CreateRepositoryCommand({ repositoryName: "team/app" }));
    expect(created.repository).toEqual({
      repositoryArn: arnOf("team/app"),
      registryId: accountId,
      repositoryName: "team/app",
      repositoryUri: "public.localhost:5000/alias/team/app",
      createdAt: expect.any(Date),
    });
    expect(created.catalogData).toEqual({});
    await expect(ecrPublic.send(new CreateRepositoryCommand({ repositoryName: "team/app" }))).rejects.toMatchObject({
      name: "RepositoryAlreadyExistsException",
      message: `The repository with name 'team/app' already exists in the registry with id '${accountId}'`,
    });
  });

  it.each([
    [
      "Team",
      "Member must satisfy regular expression pattern: (?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*",
    ],
    ["a", "Member must have length greater than or equal to 2"],
    ["a".repeat(206), "Member must have length less than or equal to 205"],
  ])("are not created under the name %s", async (repositoryName, constraint) => {
    const { ecrPublic } = await startRegistries();
    await expect(ecrPublic.send(new CreateRepositoryCommand({ repositoryName }))).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: `Invalid parameter at 'repositoryName' failed to satisfy constraint: '${constraint}'`,
    });
  });

  it("are described by name or in pages", async () => {
    const { ecrPublic } = await startRegistries();
    const names = ["app-1", "app-2", "app-3"];
    for (const repositoryName of names) await ecrPublic.send(new CreateRepositoryCommand({ repositoryName }));

    const pages: (string | undefined)[][] = [];
    for await (const { repositories } of paginateDescribeRepositories({ client: ecrPublic, pageSize: 2 }, {})) {
      pages.push((repositories ?? []).map(({ repositoryName }) => repositoryName));
    }
    expect(pages).toEqual([["app-1", "app-2"], ["app-3"]]);
    const named = await ecrPublic.send(new DescribeRepositoriesCommand({ repositoryNames: ["app-2"] }));
    expect(named.repositories?.map(({ repositoryArn }) => repositoryArn)).toEqual([arnOf("app-2")]);
    await expect(
      ecrPublic.send(new DescribeRepositoriesCommand({ repositoryNames: ["app-2", "app-4"] })),
    ).rejects.toMatchObject(notFound("app-4"));
  });

  it("are deleted when they are empty, or by force", async () => {
    const registries = await startRegistries();
    const { ecrPublic } = registries;
    const { repositoryName, push } = await sharedCalls(registries, "public");
    await push(imageOf(["layer"]), "v1");
    await expect(ecrPublic.send(new DeleteRepositoryCommand({ repositoryName }))).rejects.toMatchObject({
      name: "RepositoryNotEmptyException",
    });
    const { repository } = await ecrPublic.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    expect(repository?.repositoryArn).toBe(arnOf(repositoryName));
    await expect(ecrPublic.send(new DeleteRepositoryCommand({ repositoryName }))).rejects.toMatchObject(
      notFound(repositoryName),
    );
  });

  it("keep a policy, in the form in which the service gives it back", async () => {
    const { ecrPublic } = await startRegistries();
    const repositoryName = "app";
    await ecrPublic.send(new CreateRepositoryCommand({ repositoryName }));
    const missing = {
      name: "RepositoryPolicyNotFoundException",
      message: `Repository policy does not exist for the repository with name 'app' in the registry with id '${accountId}'`,
    };
    await expect(ecrPublic.send(new GetRepositoryPolicyCommand({ repositoryName }))).rejects.toMatchObject(missing);

    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "ecr-public:DescribeImages" }],
    };
    const set = await ecrPublic.send(
      new SetRepositoryPolicyCommand({ repositoryName, policyText: JSON.stringify(policy) }),
    );
    expect(set).toMatchObject({ registryId: accountId, repositoryName });
    expect(set.policyText).toContain('{\n  "Version" : "2012-10-17",');
    const got = await ecrPublic.send(new GetRepositoryPolicyCommand({ repositoryName }));
    expect(JSON.parse(got.policyText ?? "")).toEqual(policy);
    const deleted = await ecrPublic.send(new DeleteRepositoryPolicyCommand({ repositoryName }));
    expect(deleted.policyText).toBe(set.policyText);
    await expect(ecrPublic.send(new DeleteRepositoryPolicyCommand({ repositoryName }))).rejects.toMatchObject(missing);
  });

  it("keep tags", async () => {
    const { ecrPublic } = await startRegistries();
    const resourceArn = arnOf("app");
    const first = [
      { Key: "owner", Value: "team" },
      { Key: "stage", Value: "dev" },
    ];
    await ecrPublic.send(new CreateRepositoryCommand({ repositoryName: "app", tags: first }));
    const list = async () => (await ecrPublic.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    expect(await list()).toEqual(first);

    await ecrPublic.send(new TagResourceCommand({ resourceArn, tags: [{ Key: "stage", Value: "prod" }] }));
    await ecrPublic.send(new UntagResourceCommand({ resourceArn, tagKeys: ["owner", "missing"] }));
    expect(await list()).toEqual([{ Key: "stage", Value: "prod" }]);

    const tag = (tags: { Key?: string; Value?: string }[]) =>
      ecrPublic.send(new TagResourceCommand({ resourceArn, tags }));
    await expect(tag([{ Value: "no key" }])).rejects.toMatchObject({ name: "InvalidTagParameterException" });
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `key-${index}`, Value: "" }));
    await expect(tag(many)).rejects.toMatchObject({ name: "TooManyTagsException" });
    await expect(
      ecrPublic.send(new ListTagsForResourceCommand({ resourceArn: arnOf("missing") })),
    ).rejects.toMatchObject(notFound("missing"));
    await expect(
      ecrPublic.send(
        new ListTagsForResourceCommand({ resourceArn: `arn:aws:ecr:eu-west-1:${accountId}:repository/app` }),
      ),
    ).rejects.toMatchObject({ name: "InvalidParameterException" });
  });
});
