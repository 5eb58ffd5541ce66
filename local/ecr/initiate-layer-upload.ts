/** InitiateLayerUpload. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_InitiateLayerUpload.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { ensureRepositoryForPush } from "./create-on-push.ts";
import { startLayerUpload } from "./layers.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";
import { privateTarget } from "./target.ts";

export const initiateLayerUpload: Operation<RepositoryInput> = {
  name: "InitiateLayerUpload",
  readOnly: false,
  input: structure({ registryId, repositoryName }, ["repositoryName"]),
  resources: repositoryResource,
  async run(input, { account, identity }) {
    await ensureRepositoryForPush(account, input.repositoryName, identity);
    return startLayerUpload(privateTarget(account, input));
  },
};
