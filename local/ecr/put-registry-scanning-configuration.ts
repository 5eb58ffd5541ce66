/** PutRegistryScanningConfiguration. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryScanningConfiguration.html */
import { AwsError } from "../aws/call.ts";
import { list, string, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { keepScanningConfiguration, type ScanningConfiguration } from "./registry-scanning.ts";

const filter = structure(
  {
    filter: string({
      min: 1,
      max: 255,
      pattern: "^[a-z0-9*](?:[._\\-/a-z0-9*]?[a-z0-9*]+)*$",
      matchedAs: "[a-z0-9*]+(?:[._\\-/][a-z0-9*]+)*",
    }),
    filterType: string({ values: ["WILDCARD"] }),
  },
  ["filter", "filterType"],
);
const rule = structure(
  {
    scanFrequency: string({ values: ["SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL"] }),
    repositoryFilters: list(filter, { min: 0, max: 100 }),
  },
  ["scanFrequency", "repositoryFilters"],
);

export const putRegistryScanningConfiguration: Operation<Partial<ScanningConfiguration>> = {
  name: "PutRegistryScanningConfiguration",
  readOnly: false,
  input: structure({ scanType: string({ values: ["BASIC", "ENHANCED"] }), rules: list(rule, { min: 0, max: 2 }) }),
  resources: () => ["*"],
  async run(input, { account }) {
    const registryScanningConfiguration = { scanType: input.scanType ?? "BASIC", rules: input.rules ?? [] };
    const { scanType, rules } = registryScanningConfiguration;
    // API reference, RegistryScanningRule: continuous scanning comes with enhanced scanning only.
    if (scanType === "BASIC" && rules.some(({ scanFrequency }) => scanFrequency === "CONTINUOUS_SCAN")) {
      throw new AwsError(
        "ValidationException",
        "The scan frequency CONTINUOUS_SCAN is not supported with the scan type BASIC",
      );
    }
    await keepScanningConfiguration(account, registryScanningConfiguration);
    return { registryScanningConfiguration };
  },
};
