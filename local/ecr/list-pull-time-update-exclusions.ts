/** ListPullTimeUpdateExclusions. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListPullTimeUpdateExclusions.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { page } from "../aws/paging.ts";
import { maxResults, nextToken } from "../aws/shapes.ts";
import { pullTimeExclusions } from "./pull-time-exclusions.ts";

type Input = {
  readonly maxResults?: number;
  readonly nextToken?: string;
};

export const listPullTimeUpdateExclusions: Operation<Input> = {
  name: "ListPullTimeUpdateExclusions",
  readOnly: true,
  input: structure({ maxResults, nextToken }),
  resources: () => ["*"],
  async run(input, { account }) {
    const all = pullTimeExclusions(account.store.private);
    const { items, ...rest } = page(
      { list: "ListPullTimeUpdateExclusions", ...input },
      ({ after, limit }) => all.filter((arn) => after === undefined || arn > after).slice(0, limit),
      (arn) => arn,
    );
    return { pullTimeUpdateExclusions: items, ...rest };
  },
};
