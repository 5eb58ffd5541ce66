/** GetRegistryPolicy. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRegistryPolicy.html */
import { type AccountContext, AwsError } from "../aws/call.ts";
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";

/** Key of the registry's document. */
export const registryPolicyDocument = "ecr-registry-policy";

export const getRegistryPolicy: Operation = {
  name: "GetRegistryPolicy",
  readOnly: true,
  input: structure({}),
  resources: () => ["*"],
  run: async (_input, { account }) => presentRegistryPolicy(account),
};

/** The answer about the policy that is there, also for its deletion. Error: RegistryPolicyNotFoundException (text as moto has it). */
export function presentRegistryPolicy(account: AccountContext): Record<string, unknown> {
  const kept = account.store.private.document(registryPolicyDocument);
  if (kept === undefined) {
    throw new AwsError(
      "RegistryPolicyNotFoundException",
      `Registry policy does not exist in the registry with id '${account.accountId}'`,
    );
  }
  return { registryId: account.accountId, policyText: kept.policyText };
}
