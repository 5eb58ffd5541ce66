/** GetRegistryCatalogData. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_GetRegistryCatalogData.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryArn } from "./arn.ts";
import { registryCatalogData } from "./registry-catalog-data.ts";

export const getRegistryCatalogData: Operation = {
  name: "GetRegistryCatalogData",
  readOnly: true,
  input: structure({}),
  resources: (_input, account) => [registryArn(account)],
  run: async (_input, { account }) => ({ registryCatalogData: registryCatalogData(account) }),
};
