/** CompleteLayerUpload. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_CompleteLayerUpload.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryIdOrAlias } from "../aws/shapes.ts";
import { layerEndMembers, layerEndRequired } from "../ecr/layer-shapes.ts";
import { finishLayerUpload } from "../ecr/layers.ts";
import { publicTarget, type RepositoryInput, repositoryResourceByAlias } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";

type Input = RepositoryInput & {
  readonly uploadId: string;
  readonly layerDigests: readonly string[];
};

export const completeLayerUpload: Operation<Input> = {
  name: "CompleteLayerUpload",
  readOnly: false,
  input: structure({ registryId: registryIdOrAlias, repositoryName, ...layerEndMembers }, [
    "repositoryName",
    ...layerEndRequired,
  ]),
  resources: repositoryResourceByAlias,
  run: async (input, { account }) => finishLayerUpload(publicTarget(account, input), input),
};
