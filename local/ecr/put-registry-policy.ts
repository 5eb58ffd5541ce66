/** PutRegistryPolicy. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryPolicy.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { policyText } from "../aws/shapes.ts";
import { registryPolicyDocument } from "./get-registry-policy.ts";
import { policyAsKept } from "./policy-text.ts";

type Input = {
  readonly policyText: string;
};

export const putRegistryPolicy: Operation<Input> = {
  name: "PutRegistryPolicy",
  readOnly: false,
  input: structure({ policyText }, ["policyText"]),
  resources: () => ["*"],
  async run(input, { account }) {
    const policyText = policyAsKept(input.policyText, "registry");
    await account.store.private.putDocument(registryPolicyDocument, { policyText });
    return { registryId: account.accountId, policyText };
  },
};
