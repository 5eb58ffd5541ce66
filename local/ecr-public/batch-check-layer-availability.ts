/** BatchCheckLayerAvailability. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_BatchCheckLayerAvailability.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { anyLayerDigests, registryIdOrAlias } from "../aws/shapes.ts";
import { layerAvailability } from "../ecr/layers.ts";
import { publicTarget, type RepositoryInput, repositoryResourceByAlias } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";

type Input = RepositoryInput & {
  readonly layerDigests: readonly string[];
};

export const batchCheckLayerAvailability: Operation<Input> = {
  name: "BatchCheckLayerAvailability",
  readOnly: true,
  input: structure({ registryId: registryIdOrAlias, repositoryName, layerDigests: anyLayerDigests }, [
    "repositoryName",
    "layerDigests",
  ]),
  resources: repositoryResourceByAlias,
  run: async (input, { account }) => layerAvailability(publicTarget(account, input), input.layerDigests),
};
