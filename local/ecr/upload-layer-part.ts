/** UploadLayerPart. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UploadLayerPart.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { layerPartMembers, layerPartRequired } from "./layer-shapes.ts";
import { appendLayerPart, type LayerPart } from "./layers.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";
import { privateTarget } from "./target.ts";

type Input = RepositoryInput & LayerPart;

export const uploadLayerPart: Operation<Input> = {
  name: "UploadLayerPart",
  readOnly: false,
  input: structure({ registryId, repositoryName, ...layerPartMembers }, ["repositoryName", ...layerPartRequired]),
  resources: repositoryResource,
  run: async (input, { account }) => appendLayerPart(privateTarget(account, input), input),
};
