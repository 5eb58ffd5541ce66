/** CreateRepositoryCreationTemplate. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html */
import { AwsError } from "../aws/call.ts";
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { type TemplateInput, templateMembers, templateWith } from "./template-input.ts";
import { describeTemplate, findTemplate, keepTemplate, type Template } from "./templates.ts";

export const createRepositoryCreationTemplate: Operation<TemplateInput> = {
  name: "CreateRepositoryCreationTemplate",
  readOnly: false,
  input: structure(templateMembers, ["prefix", "appliedFor"]),
  resources: () => ["*"],
  async run(input, { account }) {
    if (findTemplate(account, input.prefix) !== undefined) {
      throw new AwsError(
        "TemplateAlreadyExistsException",
        `The repository creation template with prefix '${input.prefix}' already exists in the registry with id '${account.accountId}'`,
      );
    }
    const now = account.clock().toISOString();
    const blank: Template = {
      prefix: input.prefix,
      encryptionConfiguration: { encryptionType: "AES256" },
      imageTagMutability: "MUTABLE",
      appliedFor: [],
      createdAt: now,
      updatedAt: now,
    };
    const template = templateWith(account, blank, input);
    await keepTemplate(account, input.prefix, template);
    return { registryId: account.accountId, repositoryCreationTemplate: describeTemplate(template) };
  },
};
