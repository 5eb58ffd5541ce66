import {
  CreateRepositoryCommand,
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

/** One page of all public repositories of the account. */
export interface PublicRepositoryPage {
  readonly repositories: readonly PublicRepository[];
  /** Of the next page; undefined on the last. */
  readonly next: string | undefined;
}

/**
 * A page of public repositories; `from` is the `next` of the page before. `size`: 1 to 1,000 (API model, maxResults). Errors:
 * AutopilotError; permanent `ecr-invalid` for a token that ECR Public does not take (any more).
 */
export async function listPublicRepositories(
  client: ECRPUBLICClient,
  { from, size }: { readonly from?: string | undefined; readonly size: number },
): Promise<PublicRepositoryPage> {
  const { repositories = [], nextToken } = await attempt("list the public repositories", () =>
    client.send(new DescribeRepositoriesCommand({ maxResults: size, ...(from !== undefined && { nextToken: from }) })),
  );
  return { repositories: repositories.map(toPublicRepository), next: nextToken };
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

function toPublicRepository(repository: Repository): PublicRepository {
  return {
    name: repository.repositoryName ?? "",
    arn: repository.repositoryArn ?? "",
    uri: repository.repositoryUri ?? "",
  };
}
