/** PutImageScanningConfiguration. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImageScanningConfiguration.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { type RepositoryInput, repositoryResource, updateSettings } from "./repositories.ts";
import { imageScanningConfiguration, repositoryName } from "./shapes.ts";

type Input = RepositoryInput & {
  readonly imageScanningConfiguration: { scanOnPush?: boolean };
};

export const putImageScanningConfiguration: Operation<Input> = {
  name: "PutImageScanningConfiguration",
  readOnly: false,
  input: structure({ registryId, repositoryName, imageScanningConfiguration }, [
    "repositoryName",
    "imageScanningConfiguration",
  ]),
  resources: repositoryResource,
  async run(input, call) {
    const scanOnPush = input.imageScanningConfiguration.scanOnPush ?? false;
    await updateSettings(call, input.repositoryName, () => ({ scanOnPush }));
    return {
      registryId: call.account.accountId,
      repositoryName: input.repositoryName,
      imageScanningConfiguration: { scanOnPush },
    };
  },
};
