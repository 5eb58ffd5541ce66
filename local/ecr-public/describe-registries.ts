/** DescribeRegistries. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_DescribeRegistries.html */
import type { AccountContext } from "../aws/call.ts";
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { page } from "../aws/paging.ts";
import { maxResults, nextToken } from "../aws/shapes.ts";
import { registryArn } from "./arn.ts";

type Input = {
  readonly nextToken?: string;
  readonly maxResults?: number;
};

/** The one registry of the account. AWS gives it its alias with the first repository; here it has it from the start. */
export const describeRegistries: Operation<Input> = {
  name: "DescribeRegistries",
  readOnly: true,
  input: structure({ nextToken, maxResults }),
  resources: () => ["*"],
  async run(input, { account }) {
    const { items, ...rest } = page(
      { list: "ecr-public DescribeRegistries", ...input },
      ({ after }) => (after === undefined ? [account.accountId] : []),
      (registryId) => registryId,
    );
    return { registries: items.map((registryId) => describe(account, registryId)), ...rest };
  },
};

function describe(account: AccountContext, registryId: string): Record<string, unknown> {
  return {
    registryId,
    registryArn: registryArn(account),
    registryUri: `${account.publicHost()}/${account.publicAlias}`,
    // The badge is AWS's to give.
    verified: false,
    aliases: [{ name: account.publicAlias, status: "ACTIVE", primaryRegistryAlias: true, defaultRegistryAlias: true }],
  };
}
