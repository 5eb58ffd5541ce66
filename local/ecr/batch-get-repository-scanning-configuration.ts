/** BatchGetRepositoryScanningConfiguration. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetRepositoryScanningConfiguration.html */
import { list, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { repositoryArn } from "./arn.ts";
import { scanningConfiguration, scanningOf } from "./registry-scanning.ts";
import { settingsOf } from "./settings.ts";
import { repositoryName } from "./shapes.ts";

type Input = {
  readonly repositoryNames: readonly string[];
};

export const batchGetRepositoryScanningConfiguration: Operation<Input> = {
  name: "BatchGetRepositoryScanningConfiguration",
  readOnly: true,
  input: structure({ repositoryNames: list(repositoryName, { min: 1, max: 25, memberField: "repositoryName" }) }, [
    "repositoryNames",
  ]),
  resources: (input, account) => input.repositoryNames.map((name) => repositoryArn(account, name)),
  async run({ repositoryNames }, { account }) {
    const configuration = scanningConfiguration(account);
    const scanningConfigurations: Record<string, unknown>[] = [];
    const failures: Record<string, unknown>[] = [];
    for (const repositoryName of repositoryNames) {
      const record = account.store.private.repository(repositoryName);
      if (record === undefined) {
        const failureReason = `The repository with name '${repositoryName}' does not exist in the registry with id '${account.accountId}'`;
        failures.push({ repositoryName, failureCode: "REPOSITORY_NOT_FOUND", failureReason });
        continue;
      }
      const scanning = scanningOf(configuration, { name: repositoryName, scanOnPush: settingsOf(record).scanOnPush });
      scanningConfigurations.push({
        repositoryArn: repositoryArn(account, repositoryName),
        repositoryName,
        ...scanning,
      });
    }
    return { scanningConfigurations, failures };
  },
};
