/** Public repositories as the operations look them up, and whose registry a call means. */
import { type AccountContext, AwsError } from "../aws/call.ts";
import { toAwsError } from "../ecr/errors.ts";
import type { Target } from "../ecr/target.ts";
import { type RepositoryRecord, StoreError } from "../store/store.ts";
import { repositoryArn } from "./arn.ts";
import { changeSettings, type PublicSettings, type SettingsChange } from "./settings.ts";

/** Inputs are types, not interfaces: only those fit the general Operation. */
export type RepositoryInput = {
  readonly registryId?: string;
  readonly repositoryName: string;
};

/** For Operation.resources. */
export function repositoryResource(input: RepositoryInput, account: AccountContext): string[] {
  return [repositoryArn(account, input.repositoryName, input.registryId)];
}

/**
 * For Operation.resources of the operations whose `registryId` may be an alias: an alias stands for its account, and a registry
 * that is not there must be refused as such and not as a missing permission.
 */
export function repositoryResourceByAlias(input: RepositoryInput, account: AccountContext): string[] {
  return [repositoryArn(account, input.repositoryName)];
}

/** Error: RepositoryNotFoundException, naming the registry as the caller did. */
export function requireRepository(account: AccountContext, input: RepositoryInput): RepositoryRecord {
  const record = account.store.public.repository(input.repositoryName);
  if (record !== undefined) return record;
  throw toAwsError(new StoreError("repository-unknown", `no repository '${input.repositoryName}'`), {
    service: "ecr-public",
    registryId: input.registryId ?? account.accountId,
    repositoryName: input.repositoryName,
  });
}

/** Changes some settings of an existing repository; `change` gets the present ones. Error: RepositoryNotFoundException. */
export async function updateSettings(
  account: AccountContext,
  input: RepositoryInput,
  change: (present: PublicSettings) => SettingsChange,
): Promise<RepositoryRecord> {
  requireRepository(account, input);
  return account.store.public.updateRepository(input.repositoryName, changeSettings(change));
}

/** What an image or layer operation works on. Errors: RegistryNotFoundException (text assumed), RepositoryNotFoundException. */
export function publicTarget(account: AccountContext, input: RepositoryInput): Target {
  const { registryId = account.accountId, repositoryName } = input;
  if (registryId !== account.accountId && registryId !== account.publicAlias) {
    throw new AwsError("RegistryNotFoundException", `The registry with id '${registryId}' does not exist`);
  }
  requireRepository(account, input);
  return {
    service: "ecr-public",
    registry: account.store.public,
    registryId: account.accountId,
    repositoryName,
    // Service quotas, "Maximum layer size": 10,000 MiB.
    largestLayer: 10_000 * 1024 * 1024,
    clock: account.clock,
  };
}
