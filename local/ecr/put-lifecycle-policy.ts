/** PutLifecyclePolicy. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { lifecyclePolicyAsKept } from "./lifecycle-policy.ts";
import { type RepositoryInput, repositoryResource, updateSettings } from "./repositories.ts";
import { lifecyclePolicyText, repositoryName } from "./shapes.ts";

type Input = RepositoryInput & {
  readonly lifecyclePolicyText: string;
};

export const putLifecyclePolicy: Operation<Input> = {
  name: "PutLifecyclePolicy",
  readOnly: false,
  input: structure({ registryId, repositoryName, lifecyclePolicyText }, ["repositoryName", "lifecyclePolicyText"]),
  resources: repositoryResource,
  async run(input, call) {
    const lifecyclePolicyText = lifecyclePolicyAsKept(input.lifecyclePolicyText);
    await updateSettings(call, input.repositoryName, () => ({ lifecyclePolicyText }));
    return { registryId: call.account.accountId, repositoryName: input.repositoryName, lifecyclePolicyText };
  },
};
