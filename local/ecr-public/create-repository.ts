/** CreateRepository. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_CreateRepository.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { checkTags, tagConditions } from "../ecr/tags.ts";
import { repositoryArn } from "./arn.ts";
import { type CatalogDataInput, catalogDataOf, describeCatalogData } from "./catalog-data.ts";
import { describeRepository, newRecord } from "./settings.ts";
import { catalogData, repositoryName, tags } from "./shapes.ts";
import { type TagInput, tagsOf } from "./tags.ts";

type Input = {
  readonly repositoryName: string;
  readonly catalogData?: CatalogDataInput;
  readonly tags?: readonly TagInput[];
};

export const createRepository: Operation<Input> = {
  name: "CreateRepository",
  readOnly: false,
  input: structure({ repositoryName, catalogData, tags }, ["repositoryName"]),
  resources: (input, account) => [repositoryArn(account, input.repositoryName)],
  conditions: (input) => tagConditions(tagsOf(input.tags)),
  async run(input, { account }) {
    const settings = {
      tags: checkTags(tagsOf(input.tags)),
      ...(input.catalogData === undefined ? {} : { catalogData: catalogDataOf(input.catalogData) }),
    };
    const record = await account.store.public.createRepository(
      newRecord(input.repositoryName, account.clock(), settings),
    );
    return { repository: describeRepository(account, record), catalogData: describeCatalogData(account, record) };
  },
};
