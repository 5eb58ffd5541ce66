/** BatchDeleteImage. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_BatchDeleteImage.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { imageIds, registryId } from "../aws/shapes.ts";
import { deleteImages } from "../ecr/image-deletion.ts";
import type { ImageId } from "../ecr/image-ids.ts";
import { publicTarget, type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";

type Input = RepositoryInput & {
  readonly imageIds: readonly ImageId[];
};

export const batchDeleteImage: Operation<Input> = {
  name: "BatchDeleteImage",
  readOnly: false,
  input: structure({ registryId, repositoryName, imageIds }, ["repositoryName", "imageIds"]),
  resources: repositoryResource,
  run: async (input, { account }) => deleteImages(publicTarget(account, input), input.imageIds),
};
