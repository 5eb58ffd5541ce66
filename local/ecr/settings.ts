/** What ECR remembers of a private repository besides its images, and how the API shows it. */
import type { AccountContext } from "../aws/call.ts";
import type { JsonObject, RepositoryRecord } from "../store/store.ts";
import { repositoryArn } from "./arn.ts";
import { type ExclusionFilter, type Mutability, tagRule } from "./mutability.ts";
import type { Tag } from "./tags.ts";

export interface Encryption {
  readonly encryptionType: "AES256" | "KMS" | "KMS_DSSE";
  readonly kmsKey?: string;
}

/** `RepositoryRecord.settings` of a private repository; plain JSON. */
export interface RepositorySettings {
  readonly imageTagMutability: Mutability;
  readonly exclusionFilters: readonly ExclusionFilter[];
  readonly scanOnPush: boolean;
  readonly encryption: Encryption;
  readonly tags: readonly Tag[];
  readonly lifecyclePolicyText?: string;
  readonly policyText?: string;
}

/** Those of CreateRepository without options (API model). */
export const defaultSettings: RepositorySettings = {
  imageTagMutability: "MUTABLE",
  exclusionFilters: [],
  scanOnPush: false,
  encryption: { encryptionType: "AES256" },
  tags: [],
};

/** Settings of a record; what the record does not tell has its default. */
export function settingsOf(record: RepositoryRecord): RepositorySettings {
  return { ...defaultSettings, ...(record.settings as Partial<RepositorySettings>) };
}

/** A new record. The store's tag rule always follows from the settings, here and in `changeSettings`. */
export function newRecord(name: string, createdAt: Date, settings: RepositorySettings): RepositoryRecord {
  return { name, createdAt, tagRule: tagRule(settings), settings: toJson(settings) };
}

/** Settings to change; `undefined` removes one. */
export type SettingsChange = { [Key in keyof RepositorySettings]?: RepositorySettings[Key] | undefined };

/** For Registry.updateRepository: the record with some settings changed, as `change` tells from the present ones. */
export function changeSettings(
  change: (present: RepositorySettings) => SettingsChange,
): (record: RepositoryRecord) => RepositoryRecord {
  return (record) => {
    const present = settingsOf(record);
    const settings = { ...present, ...change(present) } as RepositorySettings;
    return { ...record, tagRule: tagRule(settings), settings: toJson(settings) };
  };
}

/** The `Repository` structure of the API. Filters are left out when there are none [unverified on AWS]. */
export function describeRepository(account: AccountContext, record: RepositoryRecord): Record<string, unknown> {
  const settings = settingsOf(record);
  return {
    repositoryArn: repositoryArn(account, record.name),
    registryId: account.accountId,
    repositoryName: record.name,
    repositoryUri: `${account.privateHost()}/${record.name}`,
    createdAt: record.createdAt,
    imageTagMutability: settings.imageTagMutability,
    ...(settings.exclusionFilters.length === 0
      ? {}
      : { imageTagMutabilityExclusionFilters: settings.exclusionFilters }),
    imageScanningConfiguration: { scanOnPush: settings.scanOnPush },
    encryptionConfiguration: settings.encryption,
  };
}

/** Members that are undefined would not survive the disk, so they never enter. */
function toJson(settings: RepositorySettings): JsonObject {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
