/** GetAccountSetting. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAccountSetting.html */
import { string, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { accountSetting } from "./account-settings.ts";

type Input = {
  readonly name: string;
};

export const getAccountSetting: Operation<Input> = {
  name: "GetAccountSetting",
  readOnly: true,
  input: structure({ name: string({ min: 1, max: 64 }) }, ["name"]),
  resources: () => ["*"],
  conditions: ({ name }) => ({ "ecr:AccountSetting": name }),
  run: async ({ name }, { account }) => ({ name, value: accountSetting(account, name) }),
};
