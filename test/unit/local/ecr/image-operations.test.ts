import {
  CreateRepositoryCommand,
  CreateRepositoryCreationTemplateCommand,
  DescribeImagesCommand,
  InitiateLayerUploadCommand,
  ListImageReferrersCommand,
  ListImagesCommand,
  PutImageCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { imageOperations } from "../../../../local/ecr/image-operations.ts";
import { imageOf } from "./image-content.ts";
import { startRegistries } from "./registry-apis.ts";
import { accountId, roleArn } from "./start-account.ts";

describe("image and layer operations", () => {
  it("are those of the API model", () => {
    expect(imageOperations.map(({ name }) => name).sort()).toEqual([
      "BatchCheckLayerAvailability",
      "BatchDeleteImage",
      "BatchGetImage",
      "CompleteLayerUpload",
      "DescribeImageScanFindings",
      "DescribeImages",
      "GetDownloadUrlForLayer",
      "InitiateLayerUpload",
      "ListImageReferrers",
      "ListImages",
      "PutImage",
      "StartImageScan",
      "UpdateImageStorageClass",
      "UploadLayerPart",
    ]);
  });

  it("make a missing repository that a template covers, at its first layer or manifest", async () => {
    const { ecr, store } = await startRegistries();
    await ecr.send(
      new CreateRepositoryCreationTemplateCommand({
        prefix: "team",
        appliedFor: ["CREATE_ON_PUSH"],
        imageTagMutability: "IMMUTABLE",
      }),
    );
    const { uploadId } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName: "team/by-layer" }));
    expect(uploadId).toMatch(/^[0-9a-f-]{36}$/);
    expect(store.private.repository("team/by-layer")?.tagRule.tags).toBe("immutable");

    const imageManifest = imageOf(["layer"]).manifest;
    await expect(
      ecr.send(new PutImageCommand({ repositoryName: "team/by-manifest", imageManifest })),
    ).rejects.toMatchObject({ name: "LayersNotFoundException" });
    expect(store.private.repository("team/by-manifest")).toBeDefined();
  });

  it("refuse a missing repository that no template covers", async () => {
    const { ecr, store } = await startRegistries();
    const notFound = {
      name: "RepositoryNotFoundException",
      message: `The repository with name 'team/app' does not exist in the registry with id '${accountId}'`,
    };
    const repositoryName = "team/app";
    const imageManifest = imageOf(["layer"]).manifest;
    await expect(ecr.send(new InitiateLayerUploadCommand({ repositoryName }))).rejects.toMatchObject(notFound);
    await expect(ecr.send(new PutImageCommand({ repositoryName, imageManifest }))).rejects.toMatchObject(notFound);
    await expect(ecr.send(new DescribeImagesCommand({ repositoryName }))).rejects.toMatchObject(notFound);
    expect(store.private.repository(repositoryName)).toBeUndefined();
  });

  it("list referrers for who may get images, and for nobody else", async () => {
    const statements = (Action: string) => [{ Effect: "Allow" as const, Action, Resource: "*" }];
    const subjectId = { imageDigest: imageOf(["layer"]).digest };
    const list = async (action: string) => {
      const { ecr, client } = await startRegistries({}, statements(action));
      await ecr.send(new CreateRepositoryCommand({ repositoryName: "app" }));
      return client("role").send(new ListImageReferrersCommand({ repositoryName: "app", subjectId }));
    };
    expect((await list("ecr:BatchGetImage")).referrers).toEqual([]);
    await expect(list("ecr:ListImageReferrers")).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(
        `assumed-role/${roleArn.split("/")[1]}/session is not authorized to perform: ecr:BatchGetImage`,
      ),
    });
  });

  it("refuse another account's registry, and take their own by name", async () => {
    const { ecr } = await startRegistries();
    const repositoryName = "app";
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    expect((await ecr.send(new ListImagesCommand({ registryId: accountId, repositoryName }))).imageIds).toEqual([]);
    await expect(ecr.send(new ListImagesCommand({ registryId: "210987654321", repositoryName }))).rejects.toMatchObject(
      { name: "AccessDeniedException" },
    );
  });
});
