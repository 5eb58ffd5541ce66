/** DeleteRepository. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html */
import { boolean, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { describeRepository } from "./settings.ts";
import { repositoryName } from "./shapes.ts";

type Input = RepositoryInput & {
  readonly force?: boolean;
};

export const deleteRepository: Operation<Input> = {
  name: "DeleteRepository",
  readOnly: false,
  input: structure({ registryId, repositoryName, force: boolean() }, ["repositoryName"]),
  resources: repositoryResource,
  async run(input, { account }) {
    const record = await account.store.private.deleteRepository(input.repositoryName, { force: input.force ?? false });
    const { repositoryArn, registryId, repositoryName, repositoryUri, createdAt, imageTagMutability } =
      describeRepository(account, record);
    // Which members AWS shows of a repository that is gone is not verified; the settings are left out.
    return { repository: { repositoryArn, registryId, repositoryName, repositoryUri, createdAt, imageTagMutability } };
  },
};
