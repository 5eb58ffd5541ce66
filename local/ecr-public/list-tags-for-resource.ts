/** ListTagsForResource. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_ListTagsForResource.html */
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
    const repositoryName = repositoryNameOf(input.resourceArn);
    return { tags: settingsOf(requireRepository(account, { repositoryName })).tags };
  },
};
