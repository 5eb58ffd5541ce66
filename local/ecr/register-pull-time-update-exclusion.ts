/** RegisterPullTimeUpdateExclusion. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RegisterPullTimeUpdateExclusion.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { addExclusion, principalArn } from "./pull-time-exclusions.ts";

type Input = {
  readonly principalArn: string;
};

/** Nothing is passed and nothing assumed, so iam:PassRole is not asked for (user guide), and nobody looks whether the principal exists. */
export const registerPullTimeUpdateExclusion: Operation<Input> = {
  name: "RegisterPullTimeUpdateExclusion",
  readOnly: false,
  input: structure({ principalArn }, ["principalArn"]),
  resources: () => ["*"],
  async run({ principalArn }, { account }) {
    const createdAt = account.clock();
    await addExclusion(account.store.private, principalArn, createdAt);
    return { principalArn, createdAt };
  },
};
