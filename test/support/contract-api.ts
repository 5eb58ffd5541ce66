/** The calls that ECR and ECR Public share, behind one face: a case about them runs on both. */
import type * as Private from "@aws-sdk/client-ecr";
import type { ECRPUBLIC } from "@aws-sdk/client-ecr-public";

export interface ContractClients {
  readonly ecr: Private.ECR;
  readonly ecrPublic: ECRPUBLIC;
}

/** ECR Public's model asks for neither. */
interface LooseTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

function privateApi({ ecr }: ContractClients) {
  return {
    createRepository: (input: { repositoryName: string; tags?: Private.Tag[] }) => ecr.createRepository(input),
    deleteRepository: (input: { repositoryName: string; force?: boolean }) => ecr.deleteRepository(input),
    listTagsForResource: (input: { resourceArn: string }): Promise<{ tags?: LooseTag[] | undefined }> =>
      ecr.listTagsForResource(input),
    tagResource: (input: { resourceArn: string; tags: Private.Tag[] }) => ecr.tagResource(input),
    untagResource: (input: { resourceArn: string; tagKeys: string[] }) => ecr.untagResource(input),
    batchCheckLayerAvailability: (input: Private.BatchCheckLayerAvailabilityCommandInput) =>
      ecr.batchCheckLayerAvailability(input),
    initiateLayerUpload: (input: Private.InitiateLayerUploadCommandInput) => ecr.initiateLayerUpload(input),
    uploadLayerPart: (input: Private.UploadLayerPartCommandInput) => ecr.uploadLayerPart(input),
    completeLayerUpload: (input: Private.CompleteLayerUploadCommandInput) => ecr.completeLayerUpload(input),
    putImage: (input: Private.PutImageCommandInput) => ecr.putImage(input),
    describeImages: (input: Omit<Private.DescribeImagesCommandInput, "filter">) => ecr.describeImages(input),
    batchDeleteImage: (input: Private.BatchDeleteImageCommandInput) => ecr.batchDeleteImage(input),
    getRepositoryPolicy: (input: { repositoryName: string }) => ecr.getRepositoryPolicy(input),
    setRepositoryPolicy: (input: { repositoryName: string; policyText: string }) => ecr.setRepositoryPolicy(input),
    deleteRepositoryPolicy: (input: { repositoryName: string }) => ecr.deleteRepositoryPolicy(input),
  };
}

export type ContractApi = ReturnType<typeof privateApi>;

function publicApi({ ecrPublic }: ContractClients): ContractApi {
  return {
    createRepository: (input) => ecrPublic.createRepository(input),
    deleteRepository: (input) => ecrPublic.deleteRepository(input),
    listTagsForResource: (input) => ecrPublic.listTagsForResource(input),
    tagResource: (input) => ecrPublic.tagResource(input),
    untagResource: (input) => ecrPublic.untagResource(input),
    batchCheckLayerAvailability: (input) => ecrPublic.batchCheckLayerAvailability(input),
    initiateLayerUpload: (input) => ecrPublic.initiateLayerUpload(input),
    uploadLayerPart: (input) => ecrPublic.uploadLayerPart(input),
    completeLayerUpload: (input) => ecrPublic.completeLayerUpload(input),
    putImage: (input) => ecrPublic.putImage(input),
    describeImages: (input) => ecrPublic.describeImages(input),
    batchDeleteImage: (input) => ecrPublic.batchDeleteImage(input),
    getRepositoryPolicy: (input) => ecrPublic.getRepositoryPolicy(input),
    setRepositoryPolicy: (input) => ecrPublic.setRepositoryPolicy(input),
    deleteRepositoryPolicy: (input) => ecrPublic.deleteRepositoryPolicy(input),
  };
}

/** The calls of one service. Errors: those of the service, as its client throws them. */
export function contractApi(side: "private" | "public", clients: ContractClients): ContractApi {
  return side === "private" ? privateApi(clients) : publicApi(clients);
}
