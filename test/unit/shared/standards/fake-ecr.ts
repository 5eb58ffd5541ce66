/** Repositories in memory behind the `send` of an ECR client, for what is decided on the way: pages, failures, changes between two calls. */
import { ECRClient } from "@aws-sdk/client-ecr";

export interface FakeRepository {
  mutability: string;
  filters: readonly string[];
  scanOnPush: boolean;
  encryption: { encryptionType: string; kmsKey?: string };
  lifecyclePolicy?: string;
  repositoryPolicy?: string;
  tags: Record<string, string>;
}

interface Input {
  readonly repositoryName?: string;
  readonly repositoryNames?: readonly string[];
  readonly resourceArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
  readonly [member: string]: unknown;
}

export interface FakeCall {
  readonly operation: string;
  /** Of a call on one repository; a template has its prefix in the input. */
  readonly repository: string | undefined;
  readonly input: Input;
}

const ARN = "arn:aws:ecr:eu-west-1:123456789012:repository/";

/** An error as the SDK raises it for a code of the API. */
export function awsError(name: string): Error {
  return Object.assign(new Error("told by the test"), { name });
}

/** A repository as CreateRepository leaves it without any setting. */
export function bare(settings: Partial<FakeRepository> = {}): FakeRepository {
  return {
    mutability: "MUTABLE",
    filters: [],
    scanOnPush: false,
    encryption: { encryptionType: "AES256" },
    tags: {},
    ...settings,
  };
}

/** `before` is told of each call before it is answered, and may raise an error or change `repositories`. */
export function fakeEcr(
  present: Readonly<Record<string, FakeRepository>> = {},
  before: (call: FakeCall) => void = () => {},
) {
  const repositories = new Map(Object.entries(present));
  const templates = new Map<string, Input>();
  const calls: FakeCall[] = [];

  function found(name = ""): FakeRepository {
    const repository = repositories.get(name);
    if (repository === undefined) throw awsError("RepositoryNotFoundException");
    return repository;
  }

  function page({ nextToken, maxResults = 100 }: Input) {
    const names = [...repositories.keys()].sort().filter((name) => nextToken === undefined || name > nextToken);
    const listed = names.slice(0, maxResults);
    return {
      repositories: listed.map((name) => described(name, found(name))),
      ...(names.length > maxResults && { nextToken: listed.at(-1) }),
    };
  }

  const operations: Readonly<Record<string, (input: Input, name: string | undefined) => object>> = {
    CreateRepository(input, name = "") {
      if (repositories.has(name)) throw awsError("RepositoryAlreadyExistsException");
      const filters = (input.imageTagMutabilityExclusionFilters ?? []) as { filter: string }[];
      const tags = (input.tags ?? []) as { Key: string; Value: string }[];
      const scan = input.imageScanningConfiguration as { scanOnPush: boolean } | undefined;
      const encryption = input.encryptionConfiguration as FakeRepository["encryption"] | undefined;
      const settings = {
        mutability: String(input.imageTagMutability ?? "MUTABLE"),
        filters: filters.map(({ filter }) => filter),
        scanOnPush: scan?.scanOnPush ?? false,
        tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
        ...(encryption && { encryption }),
      };
      repositories.set(name, bare(settings));
      return { repository: described(name, found(name)) };
    },
    DescribeRepositories(input) {
      if (input.repositoryNames === undefined) return page(input);
      return { repositories: input.repositoryNames.map((name) => described(name, found(name))) };
    },
    GetLifecyclePolicy(_, name) {
      const { lifecyclePolicy } = found(name);
      if (lifecyclePolicy === undefined) throw awsError("LifecyclePolicyNotFoundException");
      return { lifecyclePolicyText: lifecyclePolicy };
    },
    GetRepositoryPolicy(_, name) {
      const { repositoryPolicy } = found(name);
      if (repositoryPolicy === undefined) throw awsError("RepositoryPolicyNotFoundException");
      return { policyText: repositoryPolicy };
    },
    ListTagsForResource: (_, name) => ({
      tags: Object.entries(found(name).tags).map(([Key, Value]) => ({ Key, Value })),
    }),
    PutImageTagMutability(input, name) {
      const filters = (input.imageTagMutabilityExclusionFilters ?? []) as { filter: string }[];
      const mutability = String(input.imageTagMutability);
      return Object.assign(found(name), { mutability, filters: filters.map(({ filter }) => filter) });
    },
    PutImageScanningConfiguration: (input, name) =>
      Object.assign(found(name), input.imageScanningConfiguration as { scanOnPush: boolean }),
    PutLifecyclePolicy: (input, name) => Object.assign(found(name), { lifecyclePolicy: input.lifecyclePolicyText }),
    SetRepositoryPolicy: (input, name) => Object.assign(found(name), { repositoryPolicy: input.policyText }),
    TagResource(input, name) {
      const tags = input.tags as { Key: string; Value: string }[];
      return Object.assign(found(name).tags, Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])));
    },
    DescribeRepositoryCreationTemplates: () => ({ repositoryCreationTemplates: [...templates.values()] }),
    CreateRepositoryCreationTemplate(input) {
      if (templates.has(String(input.prefix))) throw awsError("TemplateAlreadyExistsException");
      return templates.set(String(input.prefix), input);
    },
    UpdateRepositoryCreationTemplate(input) {
      if (!templates.has(String(input.prefix))) throw awsError("TemplateNotFoundException");
      return templates.set(String(input.prefix), input);
    },
    DeleteRepositoryCreationTemplate(input) {
      if (!templates.delete(String(input.prefix))) throw awsError("TemplateNotFoundException");
      return {};
    },
  };

  const send = async (command: { readonly input: Input; readonly constructor: { readonly name: string } }) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    const repository = command.input.repositoryName ?? command.input.resourceArn?.replace(ARN, "");
    const call = { operation, repository, input: command.input };
    calls.push(call);
    // As over a network: others go on before this one is answered.
    await Promise.resolve();
    before(call);
    const run = operations[operation];
    if (run === undefined) throw new Error(`the fake has no ${operation}`);
    return run(command.input, repository);
  };
  // The SDK's paginators take nothing but a client of its own.
  const ecr: ECRClient = Object.assign(Object.create(ECRClient.prototype), { send });
  const operationsOf = () => calls.map(({ operation }) => operation);
  return {
    ecr,
    repositories,
    /** Creation templates by prefix. */
    templates,
    calls,
    /** Names of the operations so far, in order. */
    operations: operationsOf,
    /** Operations that change something, with their repository or prefix. */
    writes: () =>
      calls
        .filter(({ operation }) => /^(Put|Set|Tag|Create|Update|Delete)/.test(operation))
        .map(({ operation, repository, input }) => `${operation} ${repository ?? input.prefix}`),
  };
}

function described(name: string, repository: FakeRepository) {
  return {
    repositoryName: name,
    repositoryArn: `${ARN}${name}`,
    repositoryUri: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${name}`,
    imageTagMutability: repository.mutability,
    imageTagMutabilityExclusionFilters: repository.filters.map((filter) => ({ filterType: "WILDCARD", filter })),
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: repository.encryption,
  };
}
