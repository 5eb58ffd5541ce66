/** TagResource. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_TagResource.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { repositoryNameOf } from "./arn.ts";
import { updateSettings } from "./repositories.ts";
import { resourceArn, tags } from "./shapes.ts";
import { mergeTags, type Tag, tagConditions } from "./tags.ts";

type Input = {
  readonly resourceArn: string;
  readonly tags: readonly Tag[];
};

export const tagResource: Operation<Input> = {
  name: "TagResource",
  readOnly: false,
  input: structure({ resourceArn, tags }, ["resourceArn", "tags"]),
  resources: (input) => [input.resourceArn],
  conditions: (input) => tagConditions(input.tags),
  async run(input, call) {
    const name = repositoryNameOf(input.resourceArn);
    await updateSettings(call, name, (present) => ({ tags: mergeTags(present.tags, input.tags) }));
    return {};
  },
};
