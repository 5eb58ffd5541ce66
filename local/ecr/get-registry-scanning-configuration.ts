/** GetRegistryScanningConfiguration. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRegistryScanningConfiguration.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { scanningConfiguration } from "./registry-scanning.ts";

export const getRegistryScanningConfiguration: Operation = {
  name: "GetRegistryScanningConfiguration",
  readOnly: true,
  input: structure({}),
  resources: () => ["*"],
  run: async (_input, { account }) => ({
    registryId: account.accountId,
    scanningConfiguration: scanningConfiguration(account),
  }),
};
