/** ListTagsForResource. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListTagsForResource.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { repositoryNameOf } from "./arn.ts";
import { requireRepository } from "./repositories.ts";
import { settingsOf } from "./settings.ts";
import { resourceArn } from "./shapes.ts";

type Input = {
  readonly resourceArn: string;
};

export const listTagsForResource: Operation<Input> = {
  name: "ListTagsForResource",
  readOnly: true,
  input: structure({ resourceArn }, ["resourceArn"]),
  resources: (input) => [input.resourceArn],
  async run(input, { account }) {
    return { tags: settingsOf(requireRepository(account, repositoryNameOf(input.resourceArn))).tags };
  },
};
