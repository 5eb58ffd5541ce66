/** Repositories as the operations look them up. */
import type { AccountContext } from "../aws/call.ts";
import type { OperationCall } from "../aws/operation.ts";
import { type RepositoryRecord, StoreError } from "../store/store.ts";
import { repositoryArn } from "./arn.ts";
import { toAwsError } from "./errors.ts";
import { changeSettings, type RepositorySettings, type SettingsChange } from "./settings.ts";

/** Members that nearly every repository operation has. Inputs are types, not interfaces: only those fit the general Operation. */
export type RepositoryInput = {
  readonly registryId?: string;
  readonly repositoryName: string;
};

/** For Operation.resources. */
export function repositoryResource(input: RepositoryInput, account: AccountContext): string[] {
  return [repositoryArn(account, input.repositoryName, input.registryId)];
}

/** Error: RepositoryNotFoundException. */
export function requireRepository(account: AccountContext, name: string): RepositoryRecord {
  const record = account.store.private.repository(name);
  if (record !== undefined) return record;
  // Told here and not in `perform`, which knows the name only when it is a parameter of its own.
  throw toAwsError(new StoreError("repository-unknown", `no repository '${name}'`), {
    service: "ecr",
    registryId: account.accountId,
    repositoryName: name,
  });
}

/** Changes some settings of an existing repository; `change` gets the present ones. Error: RepositoryNotFoundException. */
export async function updateSettings(
  { account }: OperationCall,
  name: string,
  change: (present: RepositorySettings) => SettingsChange,
): Promise<RepositoryRecord> {
  requireRepository(account, name);
  return account.store.private.updateRepository(name, changeSettings(change));
}
