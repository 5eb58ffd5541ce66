/** DescribeRegistry. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRegistry.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { replicationDocument } from "./put-replication-configuration.ts";

export const describeRegistry: Operation = {
  name: "DescribeRegistry",
  readOnly: true,
  input: structure({}),
  resources: () => ["*"],
  async run(_input, { account }) {
    const replicationConfiguration = account.store.private.document(replicationDocument) ?? { rules: [] };
    return { registryId: account.accountId, replicationConfiguration };
  },
};
