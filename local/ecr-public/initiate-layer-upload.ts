/** InitiateLayerUpload. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_InitiateLayerUpload.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryIdOrAlias } from "../aws/shapes.ts";
import { startLayerUpload } from "../ecr/layers.ts";
import { publicTarget, type RepositoryInput, repositoryResourceByAlias } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";

export const initiateLayerUpload: Operation<RepositoryInput> = {
  name: "InitiateLayerUpload",
  readOnly: false,
  input: structure({ registryId: registryIdOrAlias, repositoryName }, ["repositoryName"]),
  resources: repositoryResourceByAlias,
  run: async (input, { account }) => startLayerUpload(publicTarget(account, input)),
};
