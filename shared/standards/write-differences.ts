import type { ECRClient } from "@aws-sdk/client-ecr";
import {
  type PrivateRepository,
  putLifecyclePolicy,
  putScanOnPush,
  putTagMutability,
  setRepositoryPolicy,
  tagRepository,
} from "#shared/ecr/repositories.ts";
import type { Difference } from "#shared/policy/standards.ts";

/**
 * Writes each difference, one call each, as the policy wants it. False when the repository was deleted meanwhile, which is a normal
 * outcome. Errors: AutopilotError.
 */
export async function writeDifferences(
  ecr: ECRClient,
  repository: Pick<PrivateRepository, "name" | "arn">,
  differences: readonly Difference[],
): Promise<boolean> {
  for (const difference of differences) {
    if (!(await write(ecr, repository, difference))) return false;
  }
  return true;
}

async function write(
  ecr: ECRClient,
  repository: Pick<PrivateRepository, "name" | "arn">,
  difference: Difference,
): Promise<boolean> {
  const { name } = repository;
  switch (difference.setting) {
    case "mutability":
      return putTagMutability(ecr, name, difference.wanted);
    case "scanOnPush":
      return putScanOnPush(ecr, name, difference.wanted);
    case "lifecyclePolicy":
      return putLifecyclePolicy(ecr, name, difference.wanted);
    case "repositoryPolicy":
      return setRepositoryPolicy(ecr, name, difference.wanted);
    case "tags":
      return tagRepository(ecr, repository, difference.wanted);
    case "encryption":
      return true; // Set at creation only: there is nothing to write.
  }
}
