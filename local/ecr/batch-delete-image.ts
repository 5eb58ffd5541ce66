/** BatchDeleteImage. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { imageIds, registryId } from "../aws/shapes.ts";
import { deleteImages } from "./image-deletion.ts";
import type { ImageId } from "./image-ids.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";
import { privateTarget } from "./target.ts";

type Input = RepositoryInput & {
  readonly imageIds: readonly ImageId[];
};

export const batchDeleteImage: Operation<Input> = {
  name: "BatchDeleteImage",
  readOnly: false,
  input: structure({ registryId, repositoryName, imageIds }, ["repositoryName", "imageIds"]),
  resources: repositoryResource,
  run: async (input, { account }) => deleteImages(privateTarget(account, input), input.imageIds),
};
