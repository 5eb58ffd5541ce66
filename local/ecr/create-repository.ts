/** CreateRepository. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { encryptionOf } from "./encryption.ts";
import { encryptionOfNew } from "./kms-keys.ts";
import { type MutabilityInput, mutabilityOf } from "./mutability.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { describeRepository, type Encryption, newRecord } from "./settings.ts";
import {
  encryptionConfiguration,
  exclusionFilters,
  imageScanningConfiguration,
  imageTagMutability,
  repositoryName,
  tags,
} from "./shapes.ts";
import { checkTags, type Tag, tagConditions } from "./tags.ts";

type Input = RepositoryInput &
  MutabilityInput & {
    readonly tags?: readonly Tag[];
    readonly imageScanningConfiguration?: { scanOnPush?: boolean };
    readonly encryptionConfiguration?: Encryption;
  };

export const createRepository: Operation<Input> = {
  name: "CreateRepository",
  readOnly: false,
  input: structure(
    {
      registryId,
      repositoryName,
      tags,
      imageTagMutability,
      imageTagMutabilityExclusionFilters: exclusionFilters,
      imageScanningConfiguration,
      encryptionConfiguration,
    },
    ["repositoryName"],
  ),
  resources: repositoryResource,
  conditions: (input) => tagConditions(input.tags ?? []),
  async run(input, { account, identity }) {
    const encryption = encryptionOf(input.encryptionConfiguration, account.region);
    const record = newRecord(input.repositoryName, account.clock(), {
      ...mutabilityOf(input),
      scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
      encryption: encryptionOfNew(account, encryption, identity.arn),
      tags: checkTags(input.tags ?? []),
    });
    return { repository: describeRepository(account, await account.store.private.createRepository(record)) };
  },
};
