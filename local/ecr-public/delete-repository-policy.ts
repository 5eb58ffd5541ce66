/** DeleteRepositoryPolicy. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_DeleteRepositoryPolicy.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { presentRepositoryPolicy } from "./get-repository-policy.ts";
import { type RepositoryInput, repositoryResource, updateSettings } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";

export const deleteRepositoryPolicy: Operation<RepositoryInput> = {
  name: "DeleteRepositoryPolicy",
  readOnly: false,
  input: structure({ registryId, repositoryName }, ["repositoryName"]),
  resources: repositoryResource,
  async run(input, { account }) {
    const deleted = presentRepositoryPolicy(account, input);
    await updateSettings(account, input, () => ({ policyText: undefined }));
    return deleted;
  },
};
