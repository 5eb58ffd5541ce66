/** PutImage. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_PutImage.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryIdOrAlias } from "../aws/shapes.ts";
import { type PutImageInput, putImage as push } from "../ecr/image-push.ts";
import { putImageMembers } from "../ecr/layer-shapes.ts";
import { publicTarget, type RepositoryInput, repositoryResourceByAlias } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";

type Input = RepositoryInput & PutImageInput;

export const putImage: Operation<Input> = {
  name: "PutImage",
  readOnly: false,
  input: structure({ registryId: registryIdOrAlias, repositoryName, ...putImageMembers }, [
    "repositoryName",
    "imageManifest",
  ]),
  resources: repositoryResourceByAlias,
  run: async (input, { account }) => push(publicTarget(account, input), input),
};
