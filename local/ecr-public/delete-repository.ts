/** DeleteRepository. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_DeleteRepository.html */
import { boolean, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";
import { type RepositoryInput, repositoryResource, requireRepository } from "./repositories.ts";
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
    requireRepository(account, input);
    const record = await account.store.public.deleteRepository(input.repositoryName, { force: input.force ?? false });
    return { repository: describeRepository(account, record) };
  },
};
