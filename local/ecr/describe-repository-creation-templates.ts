/** DescribeRepositoryCreationTemplates. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositoryCreationTemplates.html */
import { list, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { page } from "../aws/paging.ts";
import { maxResults, nextToken } from "../aws/shapes.ts";
import { templatePrefix } from "./shapes.ts";
import { allTemplates, describeTemplate, findTemplate } from "./templates.ts";

type Input = {
  readonly prefixes?: readonly string[];
  readonly nextToken?: string;
  readonly maxResults?: number;
};

/** A prefix without a template is left out: the model has no error for it. */
export const describeRepositoryCreationTemplates: Operation<Input> = {
  name: "DescribeRepositoryCreationTemplates",
  readOnly: true,
  input: structure({ prefixes: list(templatePrefix), nextToken, maxResults }),
  resources: () => ["*"],
  async run(input, { account }) {
    const wanted =
      input.prefixes === undefined
        ? allTemplates(account)
        : allTemplates(account).filter((kept) =>
            input.prefixes?.some((prefix) => findTemplate(account, prefix)?.prefix === kept.prefix),
          );
    const { items, ...rest } = page(
      {
        list: `DescribeRepositoryCreationTemplates ${(input.prefixes ?? []).join()}`,
        nextToken: input.nextToken,
        maxResults: input.maxResults,
      },
      ({ after, limit }) => wanted.filter(({ prefix }) => after === undefined || prefix > after).slice(0, limit),
      ({ prefix }) => prefix,
    );
    return { registryId: account.accountId, repositoryCreationTemplates: items.map(describeTemplate), ...rest };
  },
};
