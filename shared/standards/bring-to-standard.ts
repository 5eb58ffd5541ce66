import type { ECRClient } from "@aws-sdk/client-ecr";
import {
  describeRepository,
  type PrivateRepository,
  putLifecyclePolicy,
  putScanOnPush,
  putTagMutability,
  setRepositoryPolicy,
  tagRepository,
} from "#shared/ecr/repositories.ts";
import { getLifecyclePolicy, getRepositoryPolicy, listRepositoryTags } from "#shared/ecr/repository-documents.ts";
import { transient } from "#shared/errors.ts";
import type { Template } from "#shared/policy/schema.ts";
import { type Difference, differences, type RepositoryState } from "#shared/policy/standards.ts";

export type StandardOutcome =
  /** Deleted before or while we looked: a normal outcome. */
  | { readonly outcome: "gone" }
  | {
      readonly outcome: "at-standard";
      readonly repository: PrivateRepository;
      /** What was written to get there; empty when nothing differed. */
      readonly changed: readonly Difference[];
      /** What differs still, since ECR cannot change it after creation (encryption). */
      readonly remaining: readonly Difference[];
    };

/**
 * Brings one repository to its template: reads what the template governs, compares by meaning, writes each difference, and
 * reads again. Only governed settings are read. Errors: AutopilotError; transient `standard-not-reached` when the second reading
 * still differs, so that the queue comes back to it.
 */
export async function bringToStandard(ecr: ECRClient, name: string, template: Template): Promise<StandardOutcome> {
  const before = await read(ecr, name, template);
  if (before === undefined) return { outcome: "gone" };
  const changed = differences(template, before.state).filter(({ fixable }) => fixable);
  for (const { setting } of changed) {
    if (!(await WRITERS[setting](ecr, before.repository, template))) return { outcome: "gone" };
  }
  const after = changed.length === 0 ? before : await read(ecr, name, template);
  if (after === undefined) return { outcome: "gone" };
  const remaining = differences(template, after.state);
  const missed = remaining.filter(({ fixable }) => fixable).map(({ setting }) => setting);
  if (missed.length > 0) {
    throw transient("standard-not-reached", `'${name}' still differs after the write: ${missed.join(", ")}`);
  }
  return { outcome: "at-standard", repository: after.repository, changed, remaining };
}

/** Writes one setting as the template wants it; false when the repository is gone. */
type Writer = (ecr: ECRClient, repository: PrivateRepository, template: Template) => Promise<boolean>;

/** Called only for settings that the template governs and ECR can change, so a value that is not there means "nothing to write". */
const WRITERS: Readonly<Record<Difference["setting"], Writer>> = {
  mutability: async (ecr, { name }, { mutability }) => !mutability || putTagMutability(ecr, name, mutability),
  scanOnPush: async (ecr, { name }, { scanOnPush }) => scanOnPush === undefined || putScanOnPush(ecr, name, scanOnPush),
  lifecyclePolicy: async (ecr, { name }, { lifecyclePolicy }) =>
    lifecyclePolicy === undefined || putLifecyclePolicy(ecr, name, lifecyclePolicy),
  repositoryPolicy: async (ecr, { name }, { repositoryPolicy }) =>
    repositoryPolicy === undefined || setRepositoryPolicy(ecr, name, repositoryPolicy),
  tags: async (ecr, repository, { tags }) => !tags || tagRepository(ecr, repository, tags),
  encryption: async () => true,
};

async function read(
  ecr: ECRClient,
  name: string,
  template: Template,
): Promise<{ repository: PrivateRepository; state: RepositoryState } | undefined> {
  const repository = await describeRepository(ecr, name);
  if (repository === undefined) return undefined;
  const [lifecyclePolicy, repositoryPolicy, tags] = await Promise.all([
    template.lifecyclePolicy === undefined ? undefined : getLifecyclePolicy(ecr, name),
    template.repositoryPolicy === undefined ? undefined : getRepositoryPolicy(ecr, name),
    template.tags === undefined ? {} : listRepositoryTags(ecr, repository),
  ]);
  if (tags === undefined) return undefined;
  return {
    repository,
    state: {
      mutability: repository.mutability,
      scanOnPush: repository.scanOnPush,
      encryption: repository.encryption,
      lifecyclePolicy,
      repositoryPolicy,
      tags,
    },
  };
}
