/** SetRepositoryPolicy. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_SetRepositoryPolicy.html */
import { boolean, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { policyText, registryId } from "../aws/shapes.ts";
import { policyAsKept } from "../ecr/policy-text.ts";
import { type RepositoryInput, repositoryResource, updateSettings } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";

type Input = RepositoryInput & {
  readonly policyText: string;
  /** Taken and not looked at, as in ECR. */
  readonly force?: boolean;
};

export const setRepositoryPolicy: Operation<Input> = {
  name: "SetRepositoryPolicy",
  readOnly: false,
  input: structure({ registryId, repositoryName, policyText, force: boolean() }, ["repositoryName", "policyText"]),
  resources: repositoryResource,
  async run(input, { account }) {
    const policyText = policyAsKept(input.policyText, "repository");
    await updateSettings(account, input, () => ({ policyText }));
    return { registryId: account.accountId, repositoryName: input.repositoryName, policyText };
  },
};
