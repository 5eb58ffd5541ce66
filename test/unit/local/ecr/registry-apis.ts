/** One account with both services, and the calls that they share behind one face, so that one test runs on both. */
import * as ecr from "@aws-sdk/client-ecr";
import * as ecrPublic from "@aws-sdk/client-ecr-public";
import { onTestFinished } from "vitest";
import type { AccountContext } from "../../../../local/aws/call.ts";
import type { PolicyStatement } from "../../../../local/aws/iam.ts";
import { ecrService } from "../../../../local/ecr/service.ts";
import type { Target } from "../../../../local/ecr/target.ts";
import { privateTarget } from "../../../../local/ecr/target.ts";
import { publicTarget } from "../../../../local/ecr-public/repositories.ts";
import { ecrPublicService } from "../../../../local/ecr-public/service.ts";
import type { TestImage } from "./image-content.ts";
import { accountId, startAccount } from "./start-account.ts";

export const sides = ["private", "public"] as const;

/** Started on port 0 and closed with the test. `time.ahead`: milliseconds by which the account's clock is ahead of the real one; `statements`: the role's. */
export async function startRegistries(
  context: Partial<AccountContext> = {},
  statements: readonly PolicyStatement[] = [],
) {
  const time = { ahead: 0 };
  const clock = () => new Date(Date.now() + time.ahead);
  const started = await startAccount({
    services: [ecrService, ecrPublicService],
    context: { clock, ...context },
    statements,
  });
  const { endpoint, user: credentials } = started;
  const publicClient = new ecrPublic.ECRPUBLICClient({
    endpoint,
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });
  onTestFinished(() => publicClient.destroy());
  return { ...started, time, ecr: started.client(), ecrPublic: publicClient };
}

export type Registries = Awaited<ReturnType<typeof startRegistries>>;

/** The calls that both services have, on the repository `team/app`, which is there. */
export async function sharedCalls(registries: Registries, side: (typeof sides)[number]) {
  const repositoryName = "team/app";
  const calls = side === "private" ? privateCalls(registries.ecr) : publicCalls(registries.ecrPublic);
  await calls.createRepository({ repositoryName });

  async function pushBlob(bytes: Buffer, digest: string): Promise<void> {
    const { uploadId } = await calls.initiateLayerUpload({ repositoryName });
    const part = { partFirstByte: 0, partLastByte: bytes.length - 1, layerPartBlob: bytes };
    await calls.uploadLayerPart({ repositoryName, uploadId, ...part });
    await calls.completeLayerUpload({ repositoryName, uploadId, layerDigests: [digest] });
  }

  /** Blobs that are not there yet, then the manifest. */
  async function push(image: TestImage, imageTag?: string) {
    for (const { bytes, digest } of image.blobs) {
      const { layers } = await calls.batchCheckLayerAvailability({ repositoryName, layerDigests: [digest] });
      if (layers?.[0]?.layerAvailability !== "AVAILABLE") await pushBlob(bytes, digest);
    }
    return calls.putImage({ repositoryName, imageManifest: image.manifest, ...(imageTag ? { imageTag } : {}) });
  }

  const target = (): Target =>
    side === "private"
      ? privateTarget(registries.account, { repositoryName })
      : publicTarget(registries.account, { repositoryName });
  return { ...calls, repositoryName, registryId: accountId, push, pushBlob, target };
}

function privateCalls(client: ecr.ECRClient) {
  return {
    createRepository: (input: ecr.CreateRepositoryCommandInput) => client.send(new ecr.CreateRepositoryCommand(input)),
    batchCheckLayerAvailability: (input: ecr.BatchCheckLayerAvailabilityCommandInput) =>
      client.send(new ecr.BatchCheckLayerAvailabilityCommand(input)),
    initiateLayerUpload: (input: ecr.InitiateLayerUploadCommandInput) =>
      client.send(new ecr.InitiateLayerUploadCommand(input)),
    uploadLayerPart: (input: ecr.UploadLayerPartCommandInput) => client.send(new ecr.UploadLayerPartCommand(input)),
    completeLayerUpload: (input: ecr.CompleteLayerUploadCommandInput) =>
      client.send(new ecr.CompleteLayerUploadCommand(input)),
    putImage: (input: ecr.PutImageCommandInput) => client.send(new ecr.PutImageCommand(input)),
    batchDeleteImage: (input: ecr.BatchDeleteImageCommandInput) => client.send(new ecr.BatchDeleteImageCommand(input)),
    describeImages: (input: ecrPublic.DescribeImagesCommandInput) => client.send(new ecr.DescribeImagesCommand(input)),
  };
}

function publicCalls(client: ecrPublic.ECRPUBLICClient): ReturnType<typeof privateCalls> {
  return {
    createRepository: ({ repositoryName }) => client.send(new ecrPublic.CreateRepositoryCommand({ repositoryName })),
    batchCheckLayerAvailability: (input) => client.send(new ecrPublic.BatchCheckLayerAvailabilityCommand(input)),
    initiateLayerUpload: (input) => client.send(new ecrPublic.InitiateLayerUploadCommand(input)),
    uploadLayerPart: (input) => client.send(new ecrPublic.UploadLayerPartCommand(input)),
    completeLayerUpload: (input) => client.send(new ecrPublic.CompleteLayerUploadCommand(input)),
    putImage: (input) => client.send(new ecrPublic.PutImageCommand(input)),
    batchDeleteImage: (input) => client.send(new ecrPublic.BatchDeleteImageCommand(input)),
    describeImages: (input) => client.send(new ecrPublic.DescribeImagesCommand(input)),
  };
}
