import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  type ECRPUBLICClient,
  type Repository,
} from "@aws-sdk/client-ecr-public";
import { unless } from "./errors.ts";

/** A repository of ECR Public. */
export interface PublicRepository {
  readonly name: string;
  readonly arn: string;
  /** `public.ecr.aws/<alias>/<name>`, without scheme. */
  readonly uri: string;
}

/** The public repository of that name, or undefined. Errors: AutopilotError. */
export async function describePublicRepository(
  client: ECRPUBLICClient,
  name: string,
): Promise<PublicRepository | undefined> {
  const output = await unless(["not-found"], `describe public repository '${name}'`, () =>
    client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] })),
  );
  const repository = output?.repositories?.[0];
  return repository && toPublicRepository(repository);
}

/** Creates a public repository; undefined when one of that name is already there. Errors: AutopilotError. */
export async function createPublicRepository(
  client: ECRPUBLICClient,
  name: string,
): Promise<PublicRepository | undefined> {
  const output = await unless(["already-exists"], `create public repository '${name}'`, () =>
    client.send(new CreateRepositoryCommand({ repositoryName: name })),
  );
  return output?.repository && toPublicRepository(output.repository);
}

function toPublicRepository(repository: Repository): PublicRepository {
  return {
    name: repository.repositoryName ?? "",
    arn: repository.repositoryArn ?? "",
    uri: repository.repositoryUri ?? "",
  };
}
