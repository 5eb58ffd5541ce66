/** PutImage. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { ensureRepositoryForPush } from "./create-on-push.ts";
import { type PutImageInput, putImage as push } from "./image-push.ts";
import { putImageMembers } from "./layer-shapes.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";
import { privateTarget } from "./target.ts";

type Input = RepositoryInput & PutImageInput;

export const putImage: Operation<Input> = {
  name: "PutImage",
  readOnly: false,
  input: structure({ registryId, repositoryName, ...putImageMembers }, ["repositoryName", "imageManifest"]),
  resources: repositoryResource,
  async run(input, { account, identity }) {
    await ensureRepositoryForPush(account, input.repositoryName, identity);
    return push(privateTarget(account, input), input);
  },
};
