import type { ECRClient } from "@aws-sdk/client-ecr";
import type { PrivateRepository } from "#shared/ecr/repositories.ts";
import { getLifecyclePolicy, getRepositoryPolicy, listRepositoryTags } from "#shared/ecr/repository-documents.ts";
import type { Template } from "#shared/policy/schema.ts";
import type { RepositoryState } from "#shared/policy/standards.ts";

/** Whether a template governs anything that DescribeRepositories does not tell, so that each repository costs calls of its own. */
export function governsDocuments({ lifecyclePolicy, repositoryPolicy, tags }: Template): boolean {
  return lifecyclePolicy !== undefined || repositoryPolicy !== undefined || tags !== undefined;
}

/**
 * What a described repository is compared by: what the description tells, and, one call each, those documents that the template governs.
 * Undefined when the repository is gone. Errors: AutopilotError.
 */
export async function readState(
  ecr: ECRClient,
  repository: PrivateRepository,
  template: Template,
): Promise<RepositoryState | undefined> {
  const { name, mutability, scanOnPush, encryption } = repository;
  const [lifecyclePolicy, repositoryPolicy, tags] = await Promise.all([
    template.lifecyclePolicy === undefined ? undefined : getLifecyclePolicy(ecr, name),
    template.repositoryPolicy === undefined ? undefined : getRepositoryPolicy(ecr, name),
    template.tags === undefined ? {} : listRepositoryTags(ecr, repository),
  ]);
  if (tags === undefined) return undefined;
  return { mutability, scanOnPush, encryption, lifecyclePolicy, repositoryPolicy, tags };
}
