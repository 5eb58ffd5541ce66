/** PutRegistryCatalogData. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_PutRegistryCatalogData.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryArn } from "./arn.ts";
import { keepRegistryCatalogData, registryCatalogData } from "./registry-catalog-data.ts";
import { displayName } from "./shapes.ts";

type Input = {
  readonly displayName?: string;
};

export const putRegistryCatalogData: Operation<Input> = {
  name: "PutRegistryCatalogData",
  readOnly: false,
  input: structure({ displayName }),
  resources: (_input, account) => [registryArn(account)],
  async run(input, { account }) {
    await keepRegistryCatalogData(account, input.displayName);
    return { registryCatalogData: registryCatalogData(account) };
  },
};
