/** CompleteLayerUpload. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CompleteLayerUpload.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { layerEndMembers, layerEndRequired } from "./layer-shapes.ts";
import { finishLayerUpload } from "./layers.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";
import { privateTarget } from "./target.ts";

type Input = RepositoryInput & {
  readonly uploadId: string;
  readonly layerDigests: readonly string[];
};

export const completeLayerUpload: Operation<Input> = {
  name: "CompleteLayerUpload",
  readOnly: false,
  input: structure({ registryId, repositoryName, ...layerEndMembers }, ["repositoryName", ...layerEndRequired]),
  resources: repositoryResource,
  run: async (input, { account }) => finishLayerUpload(privateTarget(account, input), input),
};
