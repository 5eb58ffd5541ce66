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

/** `gone`: the repository was deleted meanwhile, a normal outcome. */
export type WriteOutcome = { readonly outcome: "gone" } | Written;

export interface Written {
  readonly outcome: "written";
  readonly written: readonly Difference[];
  /** The first error of a setting that could not be written: AutopilotError. Whoever called must raise it. */
  readonly failure?: unknown;
}

/**
 * Writes each difference, one call each, as the policy wants it. One that fails, such as a document that ECR refuses, does not
 * keep the others from being written: it is given back, so that what was done can be told before it is raised.
 */
export async function writeDifferences(
  ecr: ECRClient,
  repository: Pick<PrivateRepository, "name" | "arn">,
  differences: readonly Difference[],
): Promise<WriteOutcome> {
  const written: Difference[] = [];
  const failures: unknown[] = [];
  for (const difference of differences) {
    try {
      if (!(await write(ecr, repository, difference))) return { outcome: "gone" };
      written.push(difference);
    } catch (error) {
      failures.push(error);
    }
  }
  return { outcome: "written", written, ...(failures.length > 0 && { failure: failures[0] }) };
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
