/** DeleteLifecyclePolicy. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteLifecyclePolicy.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { presentLifecyclePolicy } from "./get-lifecycle-policy.ts";
import { type RepositoryInput, repositoryResource, updateSettings } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";

export const deleteLifecyclePolicy: Operation<RepositoryInput> = {
  name: "DeleteLifecyclePolicy",
  readOnly: false,
  input: structure({ registryId, repositoryName }, ["repositoryName"]),
  resources: repositoryResource,
  async run(input, call) {
    const deleted = presentLifecyclePolicy(input, call);
    await updateSettings(call, input.repositoryName, () => ({ lifecyclePolicyText: undefined }));
    return deleted;
  },
};
