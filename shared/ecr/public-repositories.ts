import {
  CreateRepositoryCommand,
  DescribeRegistriesCommand,
  DescribeRepositoriesCommand,
  type ECRPUBLICClient,
  type Repository,
} from "@aws-sdk/client-ecr-public";
import { attempt, unless } from "./errors.ts";

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

/** What a public repository can be given at its creation; the rest of its catalog data is put later. */
export interface NewPublicRepository {
  /** Short text of the gallery, at most 1,024 characters. */
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Creates a public repository; undefined when one of that name is already there, which then keeps its own description and tags.
 * Tags need ecr-public:TagResource besides ecr-public:CreateRepository. Errors: AutopilotError.
 */
export async function createPublicRepository(
  client: ECRPUBLICClient,
  name: string,
  { description, tags }: NewPublicRepository = {},
): Promise<PublicRepository | undefined> {
  const output = await unless(["already-exists"], `create public repository '${name}'`, () =>
    client.send(
      new CreateRepositoryCommand({
        repositoryName: name,
        ...(description !== undefined && { catalogData: { description } }),
        ...(tags && { tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
      }),
    ),
  );
  return output?.repository && toPublicRepository(output.repository);
}

/**
 * Alias of the account's public registry, the first segment of what is pulled from public.ecr.aws: the primary one, else the one that
 * AWS gave; undefined in an account that never had a public repository. One that is still to be approved does not count. An account has
 * one public registry. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_RegistryAlias.html. Errors: AutopilotError.
 */
export async function publicRegistryAlias(client: ECRPUBLICClient): Promise<string | undefined> {
  const { registries } = await attempt("describe the public registry", () =>
    client.send(new DescribeRegistriesCommand({})),
  );
  const aliases = (registries?.[0]?.aliases ?? []).filter(({ status }) => status === "ACTIVE");
  const alias = aliases.find((one) => one.primaryRegistryAlias) ?? aliases.find((one) => one.defaultRegistryAlias);
  return alias?.name;
}

function toPublicRepository(repository: Repository): PublicRepository {
  return {
    name: repository.repositoryName ?? "",
    arn: repository.repositoryArn ?? "",
    uri: repository.repositoryUri ?? "",
  };
}
