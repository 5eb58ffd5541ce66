/** GetLifecyclePolicy. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetLifecyclePolicy.html */
import { AwsError } from "../aws/call.ts";
import { structure } from "../aws/constraints.ts";
import type { Operation, OperationCall } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { type RepositoryInput, repositoryResource, requireRepository } from "./repositories.ts";
import { settingsOf } from "./settings.ts";
import { repositoryName } from "./shapes.ts";

export const getLifecyclePolicy: Operation<RepositoryInput> = {
  name: "GetLifecyclePolicy",
  readOnly: true,
  input: structure({ registryId, repositoryName }, ["repositoryName"]),
  resources: repositoryResource,
  run: async (input, call) => presentLifecyclePolicy(input, call),
};

/**
 * The answer about the policy that is there, also for its deletion. `lastEvaluatedAt` is always the epoch, since nothing is
 * evaluated here [unverified on AWS]. Errors: RepositoryNotFoundException, LifecyclePolicyNotFoundException (text seen in a
 * public report).
 */
export function presentLifecyclePolicy({ repositoryName }: RepositoryInput, { account }: OperationCall) {
  const { lifecyclePolicyText } = settingsOf(requireRepository(account, repositoryName));
  if (lifecyclePolicyText === undefined) {
    throw new AwsError(
      "LifecyclePolicyNotFoundException",
      `Lifecycle policy does not exist for the repository with name '${repositoryName}' in the registry with id '${account.accountId}'`,
    );
  }
  return { registryId: account.accountId, repositoryName, lifecyclePolicyText, lastEvaluatedAt: new Date(0) };
}
