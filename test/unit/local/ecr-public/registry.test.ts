import {
  BatchCheckLayerAvailabilityCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeImageTagsCommand,
  DescribeRegistriesCommand,
  ECRPUBLICClient,
  GetAuthorizationTokenCommand,
  InitiateLayerUploadCommand,
  paginateDescribeImageTags,
} from "@aws-sdk/client-ecr-public";
import { describe, expect, it, onTestFinished } from "vitest";
import { ecrPublicService } from "../../../../local/ecr-public/service.ts";
import { imageOf, sizeOf } from "../ecr/image-content.ts";
import { sharedCalls, startRegistries } from "../ecr/registry-apis.ts";
import { accountId } from "../ecr/start-account.ts";

describe("the public registry", () => {
  it("has all operations of the API model", () => {
    expect([...ecrPublicService.operations.keys()].sort()).toEqual([
      "BatchCheckLayerAvailability",
      "BatchDeleteImage",
      "CompleteLayerUpload",
      "CreateRepository",
      "DeleteRepository",
      "DeleteRepositoryPolicy",
      "DescribeImageTags",
      "DescribeImages",
      "DescribeRegistries",
      "DescribeRepositories",
      "GetAuthorizationToken",
      "GetRegistryCatalogData",
      "GetRepositoryCatalogData",
      "GetRepositoryPolicy",
      "InitiateLayerUpload",
      "ListTagsForResource",
      "PutImage",
      "PutRegistryCatalogData",
      "PutRepositoryCatalogData",
      "SetRepositoryPolicy",
      "TagResource",
      "UntagResource",
      "UploadLayerPart",
    ]);
  });

  it("is described with its alias", async () => {
    const { ecrPublic } = await startRegistries();
    const { registries, nextToken } = await ecrPublic.send(new DescribeRegistriesCommand({ maxResults: 1 }));
    expect(registries).toEqual([
      {
        registryId: accountId,
        registryArn: `arn:aws:ecr-public::${accountId}:registry/${accountId}`,
        registryUri: "public.localhost:5000/alias",
        verified: false,
        aliases: [{ name: "alias", status: "ACTIVE", primaryRegistryAlias: true, defaultRegistryAlias: true }],
      },
    ]);
    expect(nextToken).toBeUndefined();
  });

  it("gives one token, which its holder is known by", async () => {
    const { ecrPublic, account } = await startRegistries();
    const { authorizationData } = await ecrPublic.send(new GetAuthorizationTokenCommand({}));
    const token = authorizationData?.authorizationToken ?? "";
    expect(Buffer.from(token, "base64").toString()).toMatch(/^AWS:/);
    expect(authorizationData?.expiresAt).toBeInstanceOf(Date);
    expect(account.tokenHolder("public", token)).toMatchObject({ type: "user", userName: "mary" });
    expect(account.tokenHolder("private", token)).toBeUndefined();
  });

  it("is known to the layer operations by its account and its alias, and no other is", async () => {
    const { ecrPublic } = await startRegistries();
    const repositoryName = "app";
    await ecrPublic.send(new CreateRepositoryCommand({ repositoryName }));
    for (const registryId of [accountId, "alias"]) {
      const { uploadId } = await ecrPublic.send(new InitiateLayerUploadCommand({ registryId, repositoryName }));
      expect(uploadId).toMatch(/^[0-9a-f-]{36}$/);
    }
    for (const registryId of ["210987654321", "other"]) {
      const layerDigests = ["sha256:00"];
      await expect(
        ecrPublic.send(new BatchCheckLayerAvailabilityCommand({ registryId, repositoryName, layerDigests })),
      ).rejects.toMatchObject({
        name: "RegistryNotFoundException",
        message: `The registry with id '${registryId}' does not exist`,
      });
    }
    await expect(
      ecrPublic.send(new InitiateLayerUploadCommand({ registryId: "alias", repositoryName: "missing" })),
    ).rejects.toMatchObject({
      name: "RepositoryNotFoundException",
      message: "The repository with name 'missing' does not exist in the registry with id 'alias'",
    });
  });

  it("is not open to calls on another account's", async () => {
    const { ecrPublic } = await startRegistries();
    await ecrPublic.send(new CreateRepositoryCommand({ repositoryName: "app" }));
    const registryId = "210987654321";
    await expect(
      ecrPublic.send(new DescribeImagesCommand({ registryId, repositoryName: "app" })),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("answers in us-east-1 and, but for tokens, in us-west-2", async () => {
    const { endpoint, user: credentials } = await startRegistries();
    const clientIn = (region: string) => {
      const client = new ECRPUBLICClient({ endpoint, region, credentials, maxAttempts: 1 });
      onTestFinished(() => client.destroy());
      return client;
    };
    const unsupported = { name: "UnsupportedCommandException" };
    expect(await clientIn("us-west-2").send(new DescribeRegistriesCommand({}))).toMatchObject({ registries: [{}] });
    await expect(clientIn("us-west-2").send(new GetAuthorizationTokenCommand({}))).rejects.toMatchObject(unsupported);
    await expect(clientIn("eu-west-1").send(new DescribeRegistriesCommand({}))).rejects.toMatchObject(unsupported);
  });
});

describe("DescribeImageTags", () => {
  it("gives each tag with its image, in pages", async () => {
    const registries = await startRegistries();
    const { ecrPublic } = registries;
    const { repositoryName, push } = await sharedCalls(registries, "public");
    const [one, two] = [imageOf(["one"]), imageOf(["number two"])];
    await push(one, "v1");
    await push(one, "v1.0");
    await push(two, "v2");
    await push(imageOf(["untagged"]));

    const pages: (string | undefined)[][] = [];
    for await (const page of paginateDescribeImageTags({ client: ecrPublic, pageSize: 2 }, { repositoryName })) {
      pages.push((page.imageTagDetails ?? []).map(({ imageTag }) => imageTag));
    }
    expect(pages).toEqual([["v1", "v1.0"], ["v2"]]);
    const { imageTagDetails } = await ecrPublic.send(new DescribeImageTagsCommand({ repositoryName }));
    expect(imageTagDetails?.[2]).toEqual({
      imageTag: "v2",
      createdAt: expect.any(Date),
      imageDetail: {
        imageDigest: two.digest,
        imageSizeInBytes: sizeOf(two),
        imagePushedAt: expect.any(Date),
        imageManifestMediaType: two.mediaType,
        artifactMediaType: "application/vnd.oci.image.config.v1+json",
      },
    });
  });
});
