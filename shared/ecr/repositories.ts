import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  type EncryptionType,
  type ImageTagMutability,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  type Repository,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
} from "@aws-sdk/client-ecr";
import { attempt, unless } from "./errors.ts";

/** Which tags may move: the mode, and the wildcard filters that turn it round for the tags they match. */
export interface TagMutability {
  readonly mode: ImageTagMutability;
  readonly exclude: readonly string[];
}

/** A private repository as DescribeRepositories shows it. */
export interface PrivateRepository {
  readonly name: string;
  readonly arn: string;
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<name>`, without scheme. */
  readonly uri: string;
  readonly mutability: TagMutability;
  readonly scanOnPush: boolean;
  readonly encryption: { readonly type: EncryptionType; readonly kmsKey?: string };
}

/** What a repository can only be given at its creation. */
export interface NewRepository {
  readonly name: string;
  readonly mutability?: TagMutability;
  readonly scanOnPush?: boolean;
  readonly encryption?: { readonly type: EncryptionType; readonly kmsKey?: string };
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Creates a repository; undefined when one of that name is already there, which is a normal outcome: two events for one
 * name always come. Errors: AutopilotError.
 */
export async function createRepository(ecr: ECRClient, wanted: NewRepository): Promise<PrivateRepository | undefined> {
  const output = await unless(["already-exists"], `create repository '${wanted.name}'`, () =>
    ecr.send(
      new CreateRepositoryCommand({
        repositoryName: wanted.name,
        ...(wanted.mutability && toMutabilityMembers(wanted.mutability)),
        ...(wanted.scanOnPush !== undefined && { imageScanningConfiguration: { scanOnPush: wanted.scanOnPush } }),
        ...(wanted.encryption && {
          encryptionConfiguration: {
            encryptionType: wanted.encryption.type,
            ...(wanted.encryption.kmsKey !== undefined && { kmsKey: wanted.encryption.kmsKey }),
          },
        }),
        ...(wanted.tags && { tags: Object.entries(wanted.tags).map(([Key, Value]) => ({ Key, Value })) }),
      }),
    ),
  );
  return output?.repository && toPrivateRepository(output.repository);
}

/** The repository of that name, or undefined. Errors: AutopilotError. */
export async function describeRepository(ecr: ECRClient, name: string): Promise<PrivateRepository | undefined> {
  const output = await unless(["not-found"], `describe repository '${name}'`, () =>
    ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] })),
  );
  const repository = output?.repositories?.[0];
  return repository && toPrivateRepository(repository);
}

/** Names that DescribeRepositories takes in one call (API model, repositoryNames). */
const NAMES_PER_CALL = 100;

/**
 * Those of these repositories that are there: 100 names a call; where one of them is gone, which fails the whole call, one by one.
 * Errors: AutopilotError.
 */
export async function describeRepositories(ecr: ECRClient, names: readonly string[]): Promise<PrivateRepository[]> {
  const found: PrivateRepository[] = [];
  for (let start = 0; start < names.length; start += NAMES_PER_CALL) {
    const asked = names.slice(start, start + NAMES_PER_CALL);
    const output = await unless(["not-found"], `describe ${asked.length} repositories`, () =>
      ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [...asked] })),
    );
    if (output !== undefined) found.push(...(output.repositories ?? []).map(toPrivateRepository));
    else for (const name of asked) found.push(...(await describeOne(ecr, name)));
  }
  return found;
}

async function describeOne(ecr: ECRClient, name: string): Promise<PrivateRepository[]> {
  const repository = await describeRepository(ecr, name);
  return repository === undefined ? [] : [repository];
}

/** One page of all repositories of the registry. */
export interface RepositoryPage {
  readonly repositories: readonly PrivateRepository[];
  /** Of the next page; undefined on the last. */
  readonly next: string | undefined;
}

/**
 * A page of repositories; `from` is the `next` of the page before. `size`: 1 to 1,000 (API model, maxResults). Errors: AutopilotError;
 * permanent `ecr-invalid` for a token that ECR does not take (any more).
 */
export async function listRepositories(
  ecr: ECRClient,
  { from, size }: { readonly from?: string | undefined; readonly size: number },
): Promise<RepositoryPage> {
  const { repositories = [], nextToken } = await attempt("list the repositories", () =>
    ecr.send(new DescribeRepositoriesCommand({ maxResults: size, ...(from !== undefined && { nextToken: from }) })),
  );
  return { repositories: repositories.map(toPrivateRepository), next: nextToken };
}

/**
 * Sets mode and exclusion filters together: the API requires the mode even where only the filters change (API model,
 * PutImageTagMutability). False when the repository is gone. Errors: AutopilotError.
 */
export async function putTagMutability(ecr: ECRClient, name: string, wanted: TagMutability): Promise<boolean> {
  const output = await unless(["not-found"], `set the tag mutability of '${name}'`, () =>
    ecr.send(new PutImageTagMutabilityCommand({ repositoryName: name, ...toMutabilityMembers(wanted) })),
  );
  return output !== undefined;
}

/** False when the repository is gone. Errors: AutopilotError. */
export async function putScanOnPush(ecr: ECRClient, name: string, scanOnPush: boolean): Promise<boolean> {
  const output = await unless(["not-found"], `set the scan setting of '${name}'`, () =>
    ecr.send(
      new PutImageScanningConfigurationCommand({ repositoryName: name, imageScanningConfiguration: { scanOnPush } }),
    ),
  );
  return output !== undefined;
}

/** `text`: JSON, 100 to 30,720 characters (API model). False when the repository is gone. Errors: AutopilotError. */
export async function putLifecyclePolicy(ecr: ECRClient, name: string, text: string): Promise<boolean> {
  const output = await unless(["not-found"], `set the lifecycle policy of '${name}'`, () =>
    ecr.send(new PutLifecyclePolicyCommand({ repositoryName: name, lifecyclePolicyText: text })),
  );
  return output !== undefined;
}

/** `text`: JSON, at most 10,240 characters (API model). False when the repository is gone. Errors: AutopilotError. */
export async function setRepositoryPolicy(ecr: ECRClient, name: string, text: string): Promise<boolean> {
  const output = await unless(["not-found"], `set the repository policy of '${name}'`, () =>
    ecr.send(new SetRepositoryPolicyCommand({ repositoryName: name, policyText: text })),
  );
  return output !== undefined;
}

/** Adds or overwrites these tags and leaves all others. False when the repository is gone. Errors: AutopilotError. */
export async function tagRepository(
  ecr: ECRClient,
  repository: { readonly name: string; readonly arn: string },
  tags: Readonly<Record<string, string>>,
): Promise<boolean> {
  const output = await unless(["not-found"], `tag repository '${repository.name}'`, () =>
    ecr.send(
      new TagResourceCommand({
        resourceArn: repository.arn,
        tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    ),
  );
  return output !== undefined;
}

function toMutabilityMembers({ mode, exclude }: TagMutability) {
  return {
    imageTagMutability: mode,
    ...(exclude.length > 0 && {
      imageTagMutabilityExclusionFilters: exclude.map((filter) => ({ filterType: "WILDCARD" as const, filter })),
    }),
  };
}

/** Members that a repository may lack on the wire get ECR's documented defaults (MUTABLE, no scan, AES256). */
function toPrivateRepository(repository: Repository): PrivateRepository {
  const encryption = repository.encryptionConfiguration;
  return {
    name: repository.repositoryName ?? "",
    arn: repository.repositoryArn ?? "",
    uri: repository.repositoryUri ?? "",
    mutability: {
      mode: repository.imageTagMutability ?? "MUTABLE",
      exclude: (repository.imageTagMutabilityExclusionFilters ?? []).flatMap(({ filter }) => filter ?? []),
    },
    scanOnPush: repository.imageScanningConfiguration?.scanOnPush ?? false,
    encryption: {
      type: encryption?.encryptionType ?? "AES256",
      ...(encryption?.kmsKey !== undefined && { kmsKey: encryption.kmsKey }),
    },
  };
}
