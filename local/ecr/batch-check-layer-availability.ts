/** BatchCheckLayerAvailability. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchCheckLayerAvailability.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { anyLayerDigests, registryId } from "../aws/shapes.ts";
import { layerAvailability } from "./layers.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";
import { privateTarget } from "./target.ts";

type Input = RepositoryInput & {
  readonly layerDigests: readonly string[];
};

export const batchCheckLayerAvailability: Operation<Input> = {
  name: "BatchCheckLayerAvailability",
  readOnly: true,
  input: structure({ registryId, repositoryName, layerDigests: anyLayerDigests }, ["repositoryName", "layerDigests"]),
  resources: repositoryResource,
  run: async (input, { account }) => layerAvailability(privateTarget(account, input), input.layerDigests),
};
