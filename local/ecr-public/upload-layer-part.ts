/** UploadLayerPart. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_UploadLayerPart.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryIdOrAlias } from "../aws/shapes.ts";
import { layerPartMembers, layerPartRequired } from "../ecr/layer-shapes.ts";
import { appendLayerPart, type LayerPart } from "../ecr/layers.ts";
import { publicTarget, type RepositoryInput, repositoryResourceByAlias } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";

type Input = RepositoryInput & LayerPart;

export const uploadLayerPart: Operation<Input> = {
  name: "UploadLayerPart",
  readOnly: false,
  input: structure({ registryId: registryIdOrAlias, repositoryName, ...layerPartMembers }, [
    "repositoryName",
    ...layerPartRequired,
  ]),
  resources: repositoryResourceByAlias,
  run: async (input, { account }) => appendLayerPart(publicTarget(account, input), input),
};
