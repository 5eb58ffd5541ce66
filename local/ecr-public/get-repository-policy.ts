/** GetRepositoryPolicy. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_GetRepositoryPolicy.html */
import { type AccountContext, AwsError } from "../aws/call.ts";
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { type RepositoryInput, repositoryResource, requireRepository } from "./repositories.ts";
import { settingsOf } from "./settings.ts";
import { repositoryName } from "./shapes.ts";

export const getRepositoryPolicy: Operation<RepositoryInput> = {
  name: "GetRepositoryPolicy",
  readOnly: true,
  input: structure({ registryId, repositoryName }, ["repositoryName"]),
  resources: repositoryResource,
  run: async (input, { account }) => presentRepositoryPolicy(account, input),
};

/** The answer about the policy that is there, also for its deletion. Errors: RepositoryNotFoundException, RepositoryPolicyNotFoundException. */
export function presentRepositoryPolicy(account: AccountContext, input: RepositoryInput) {
  const { policyText } = settingsOf(requireRepository(account, input));
  const { repositoryName } = input;
  if (policyText === undefined) {
    throw new AwsError(
      "RepositoryPolicyNotFoundException",
      `Repository policy does not exist for the repository with name '${repositoryName}' in the registry with id '${account.accountId}'`,
    );
  }
  return { registryId: account.accountId, repositoryName, policyText };
}
