/** UpdateRepositoryCreationTemplate. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UpdateRepositoryCreationTemplate.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { type TemplateInput, templateMembers, templateWith } from "./template-input.ts";
import { describeTemplate, keepTemplate, requireTemplate } from "./templates.ts";

export const updateRepositoryCreationTemplate: Operation<TemplateInput> = {
  name: "UpdateRepositoryCreationTemplate",
  readOnly: false,
  input: structure(templateMembers, ["prefix"]),
  resources: () => ["*"],
  async run(input, { account }) {
    const template = templateWith(account, requireTemplate(account, input.prefix), input);
    await keepTemplate(account, input.prefix, template);
    return { registryId: account.accountId, repositoryCreationTemplate: describeTemplate(template) };
  },
};
