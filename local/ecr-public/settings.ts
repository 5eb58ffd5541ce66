/** What ECR Public remembers of a repository besides its images, and how the API shows it. */
import type { AccountContext } from "../aws/call.ts";
import type { Tag } from "../ecr/tags.ts";
import type { JsonObject, RepositoryRecord } from "../store/store.ts";
import { repositoryArn } from "./arn.ts";
import type { CatalogData } from "./catalog-data.ts";

/** `RepositoryRecord.settings` of a public repository; plain JSON. */
export interface PublicSettings {
  readonly tags: readonly Tag[];
  readonly catalogData?: CatalogData;
  readonly policyText?: string;
}

export function settingsOf(record: RepositoryRecord): PublicSettings {
  return { tags: [], ...(record.settings as Partial<PublicSettings>) };
}

/** A new record. ECR Public has no tag immutability: every tag may be moved. */
export function newRecord(name: string, createdAt: Date, settings: PublicSettings): RepositoryRecord {
  return { name, createdAt, tagRule: { tags: "mutable", except: [] }, settings: { ...settings } };
}

/** Settings to change; `undefined` removes one. */
export type SettingsChange = { [Key in keyof PublicSettings]?: PublicSettings[Key] | undefined };

/** For Registry.updateRepository: the record with some settings changed, as `change` tells from the present ones. */
export function changeSettings(
  change: (present: PublicSettings) => SettingsChange,
): (record: RepositoryRecord) => RepositoryRecord {
  return (record) => {
    const present = settingsOf(record);
    return { ...record, settings: withoutUndefined({ ...present, ...change(present) }) };
  };
}

/** The `Repository` structure of the API. */
export function describeRepository(account: AccountContext, record: RepositoryRecord): Record<string, unknown> {
  return {
    repositoryArn: repositoryArn(account, record.name),
    registryId: account.accountId,
    repositoryName: record.name,
    repositoryUri: `${account.publicHost()}/${account.publicAlias}/${record.name}`,
    createdAt: record.createdAt,
  };
}

/** Members that are undefined would not survive the disk, so they never enter. */
function withoutUndefined(settings: object): JsonObject {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
