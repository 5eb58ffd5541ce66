/** UntagResource. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UntagResource.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { repositoryNameOf } from "./arn.ts";
import { updateSettings } from "./repositories.ts";
import { resourceArn, tagKeys } from "./shapes.ts";

type Input = {
  readonly resourceArn: string;
  readonly tagKeys: readonly string[];
};

/** A key that is not there is no error. */
export const untagResource: Operation<Input> = {
  name: "UntagResource",
  readOnly: false,
  input: structure({ resourceArn, tagKeys }, ["resourceArn", "tagKeys"]),
  resources: (input) => [input.resourceArn],
  conditions: (input) => ({ "aws:TagKeys": [...input.tagKeys] }),
  async run(input, call) {
    const name = repositoryNameOf(input.resourceArn);
    await updateSettings(call, name, ({ tags }) => ({ tags: tags.filter(({ Key }) => !input.tagKeys.includes(Key)) }));
    return {};
  },
};
