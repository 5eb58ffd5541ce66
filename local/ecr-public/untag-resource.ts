/** UntagResource. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_UntagResource.html */
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
  async run(input, { account }) {
    const repositoryName = repositoryNameOf(input.resourceArn);
    await updateSettings(account, { repositoryName }, (present) => ({
      tags: present.tags.filter(({ Key }) => !input.tagKeys.includes(Key)),
    }));
    return {};
  },
};
