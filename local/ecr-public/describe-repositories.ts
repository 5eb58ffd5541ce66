/** DescribeRepositories. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_DescribeRepositories.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { page } from "../aws/paging.ts";
import { invalidParameter } from "../aws/refusals.ts";
import { maxResults, nextToken, registryId } from "../aws/shapes.ts";
import { repositoryArn } from "./arn.ts";
import { requireRepository } from "./repositories.ts";
import { describeRepository } from "./settings.ts";
import { repositoryNames } from "./shapes.ts";

type Input = {
  readonly registryId?: string;
  readonly repositoryNames?: readonly string[];
  readonly nextToken?: string;
  readonly maxResults?: number;
};

export const describeRepositories: Operation<Input> = {
  name: "DescribeRepositories",
  readOnly: true,
  input: structure({ registryId, repositoryNames, nextToken, maxResults }),
  // Without names the permission is asked on every repository, as in ECR.
  resources: (input, account) =>
    (input.repositoryNames ?? ["*"]).map((name) => repositoryArn(account, name, input.registryId)),
  async run(input, { account }) {
    if (input.repositoryNames !== undefined) {
      if (input.maxResults !== undefined) throw notWithNames("maxResults");
      if (input.nextToken !== undefined) throw notWithNames("nextToken");
      const records = input.repositoryNames.map((name) => requireRepository(account, { repositoryName: name }));
      return { repositories: records.map((record) => describeRepository(account, record)) };
    }
    const { items, ...rest } = page(
      { list: "ecr-public DescribeRepositories", nextToken: input.nextToken, maxResults: input.maxResults },
      (options) => account.store.public.repositories(options),
      (record) => record.name,
    );
    return { repositories: items.map((record) => describeRepository(account, record)), ...rest };
  },
};

/** API reference: "If you specify repositories with repositoryNames, you can't use this option." */
function notWithNames(field: string): Error {
  return invalidParameter(field, `${field} cannot be used when you specify repositories with repositoryNames`);
}
