/** PutRepositoryCatalogData. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_PutRepositoryCatalogData.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { type CatalogDataInput, catalogDataOf, describeCatalogData } from "./catalog-data.ts";
import { type RepositoryInput, repositoryResource, updateSettings } from "./repositories.ts";
import { catalogData, repositoryName } from "./shapes.ts";

type Input = RepositoryInput & {
  readonly catalogData: CatalogDataInput;
};

/**
 * Replaces the catalog data as a whole: a member that is not given is gone, the logo too. AWS does not say whether it replaces or
 * merges; replacing shows a client that forgot a member, which merging would hide.
 */
export const putRepositoryCatalogData: Operation<Input> = {
  name: "PutRepositoryCatalogData",
  readOnly: false,
  input: structure({ registryId, repositoryName, catalogData }, ["repositoryName", "catalogData"]),
  resources: repositoryResource,
  async run(input, { account }) {
    const kept = catalogDataOf(input.catalogData);
    const record = await updateSettings(account, input, () => ({ catalogData: kept }));
    return { catalogData: describeCatalogData(account, record) };
  },
};
