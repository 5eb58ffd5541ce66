/** PutImageTagMutability. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImageTagMutability.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { type MutabilityInput, mutabilityOf } from "./mutability.ts";
import { type RepositoryInput, repositoryResource, updateSettings } from "./repositories.ts";
import { exclusionFilters, imageTagMutability, repositoryName } from "./shapes.ts";

/** The whole setting is replaced: filters that are not given are gone [unverified on AWS]. */
export const putImageTagMutability: Operation<RepositoryInput & MutabilityInput> = {
  name: "PutImageTagMutability",
  readOnly: false,
  input: structure(
    { registryId, repositoryName, imageTagMutability, imageTagMutabilityExclusionFilters: exclusionFilters },
    ["repositoryName", "imageTagMutability"],
  ),
  resources: repositoryResource,
  async run(input, call) {
    const mutability = mutabilityOf(input);
    await updateSettings(call, input.repositoryName, () => mutability);
    return {
      registryId: call.account.accountId,
      repositoryName: input.repositoryName,
      imageTagMutability: mutability.imageTagMutability,
      ...(mutability.exclusionFilters.length === 0
        ? {}
        : { imageTagMutabilityExclusionFilters: mutability.exclusionFilters }),
    };
  },
};
