/** GetRepositoryCatalogData. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_GetRepositoryCatalogData.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { describeCatalogData } from "./catalog-data.ts";
import { type RepositoryInput, repositoryResource, requireRepository } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";

/**
 * Empty for a repository that never had catalog data. The model has RepositoryCatalogDataNotFoundException for that, but
 * Terraform's provider reads the catalog data of every repository, takes no error, and works on repositories without any.
 */
export const getRepositoryCatalogData: Operation<RepositoryInput> = {
  name: "GetRepositoryCatalogData",
  readOnly: true,
  input: structure({ registryId, repositoryName }, ["repositoryName"]),
  resources: repositoryResource,
  run: async (input, { account }) => ({ catalogData: describeCatalogData(account, requireRepository(account, input)) }),
};
