/** Account settings of ECR: the three that exist, their values, and how they stand. API reference, PutAccountSetting. */
import type { AccountContext } from "../aws/call.ts";
import { invalidParameter } from "../aws/refusals.ts";

interface Setting {
  readonly values: readonly string[];
  readonly initial: string;
}

/** What a new account has; BLOB_MOUNTING is off until it is put. */
const settings: Readonly<Record<string, Setting>> = {
  BASIC_SCAN_TYPE_VERSION: { values: ["AWS_NATIVE"], initial: "AWS_NATIVE" },
  REGISTRY_POLICY_SCOPE: { values: ["V2"], initial: "V2" },
  BLOB_MOUNTING: { values: ["ENABLED", "DISABLED"], initial: "DISABLED" },
};

const documentKey = "ecr-account-settings";

/** The value now, for example "ENABLED" for BLOB_MOUNTING. Error: InvalidParameterException for a name that is none. */
export function accountSetting(account: AccountContext, name: string): string {
  const { initial } = known(name);
  const value = account.store.private.document(documentKey)?.[name];
  return typeof value === "string" ? value : initial;
}

/** Error: InvalidParameterException for a name or a value that is none. */
export async function putAccountSettingValue(account: AccountContext, name: string, value: string): Promise<void> {
  const { values } = known(name);
  if (!values.includes(value))
    throw invalidParameter("value", `Member must satisfy enum value set: [${values.join(", ")}]`);
  await account.store.private.putDocument(documentKey, {
    ...account.store.private.document(documentKey),
    [name]: value,
  });
}

function known(name: string): Setting {
  const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
  if (setting !== undefined) return setting;
  throw invalidParameter("name", `Member must satisfy enum value set: [${Object.keys(settings).join(", ")}]`);
}
