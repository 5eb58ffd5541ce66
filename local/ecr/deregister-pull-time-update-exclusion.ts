/** DeregisterPullTimeUpdateExclusion. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeregisterPullTimeUpdateExclusion.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { principalArn, removeExclusion } from "./pull-time-exclusions.ts";

type Input = {
  readonly principalArn: string;
};

export const deregisterPullTimeUpdateExclusion: Operation<Input> = {
  name: "DeregisterPullTimeUpdateExclusion",
  readOnly: false,
  input: structure({ principalArn }, ["principalArn"]),
  resources: () => ["*"],
  async run({ principalArn }, { account }) {
    await removeExclusion(account.store.private, principalArn);
    return { principalArn };
  },
};
