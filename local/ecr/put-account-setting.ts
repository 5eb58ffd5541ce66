/** PutAccountSetting. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutAccountSetting.html */
import { string, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { putAccountSettingValue } from "./account-settings.ts";

type Input = {
  readonly name: string;
  readonly value: string;
};

export const putAccountSetting: Operation<Input> = {
  name: "PutAccountSetting",
  readOnly: false,
  input: structure({ name: string({ min: 1, max: 64 }), value: string() }, ["name", "value"]),
  resources: () => ["*"],
  conditions: ({ name }) => ({ "ecr:AccountSetting": name }),
  async run({ name, value }, { account }) {
    await putAccountSettingValue(account, name, value);
    return { name, value };
  },
};
