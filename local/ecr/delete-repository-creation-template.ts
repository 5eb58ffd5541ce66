/** DeleteRepositoryCreationTemplate. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepositoryCreationTemplate.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { templatePrefix } from "./shapes.ts";
import { describeTemplate, keepTemplate, requireTemplate } from "./templates.ts";

type Input = {
  readonly prefix: string;
};

export const deleteRepositoryCreationTemplate: Operation<Input> = {
  name: "DeleteRepositoryCreationTemplate",
  readOnly: false,
  input: structure({ prefix: templatePrefix }, ["prefix"]),
  resources: () => ["*"],
  async run(input, { account }) {
    const template = requireTemplate(account, input.prefix);
    await keepTemplate(account, input.prefix, undefined);
    return { registryId: account.accountId, repositoryCreationTemplate: describeTemplate(template) };
  },
};
