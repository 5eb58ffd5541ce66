/** DeleteRegistryPolicy. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRegistryPolicy.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { presentRegistryPolicy, registryPolicyDocument } from "./get-registry-policy.ts";

export const deleteRegistryPolicy: Operation = {
  name: "DeleteRegistryPolicy",
  readOnly: false,
  input: structure({}),
  resources: () => ["*"],
  async run(_input, { account }) {
    const deleted = presentRegistryPolicy(account);
    await account.store.private.putDocument(registryPolicyDocument, undefined);
    return deleted;
  },
};
