/** TagResource. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_TagResource.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { mergeTags, tagConditions } from "../ecr/tags.ts";
import { repositoryNameOf } from "./arn.ts";
import { updateSettings } from "./repositories.ts";
import { resourceArn, tags } from "./shapes.ts";
import { type TagInput, tagsOf } from "./tags.ts";

type Input = {
  readonly resourceArn: string;
  readonly tags: readonly TagInput[];
};

export const tagResource: Operation<Input> = {
  name: "TagResource",
  readOnly: false,
  input: structure({ resourceArn, tags }, ["resourceArn", "tags"]),
  resources: (input) => [input.resourceArn],
  conditions: (input) => tagConditions(tagsOf(input.tags)),
  async run(input, { account }) {
    const repositoryName = repositoryNameOf(input.resourceArn);
    await updateSettings(account, { repositoryName }, (present) => ({
      tags: mergeTags(present.tags, tagsOf(input.tags)),
    }));
    return {};
  },
};
