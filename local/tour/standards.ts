import {
  DescribeRepositoriesCommand,
  type ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-ecr";

/** What a repository carries, in words, and what of policies/example.yaml's template it still lacks. */
export interface Standards {
  readonly words: string;
  readonly missing: readonly string[];
}

/** Reads one repository through the API, as anybody could. Errors: the SDK's, but a policy that is not there is only `missing`. */
export async function readStandards(ecr: ECRClient, repositoryName: string): Promise<Standards> {
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
  const repository = repositories?.[0];
  const [lifecycle, policy, { tags }] = await Promise.all([
    present("LifecyclePolicyNotFoundException", () => ecr.send(new GetLifecyclePolicyCommand({ repositoryName }))),
    present("RepositoryPolicyNotFoundException", () => ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))),
    ecr.send(new ListTagsForResourceCommand({ resourceArn: repository?.repositoryArn })),
  ]);
  const filters = (repository?.imageTagMutabilityExclusionFilters ?? []).map(({ filter }) => filter).join(", ");
  const team = tags?.find(({ Key }) => Key === "team")?.Value;
  const encryption = repository?.encryptionConfiguration?.encryptionType;
  const checks: [boolean, string][] = [
    [repository?.imageTagMutability === "IMMUTABLE_WITH_EXCLUSION" && filters === "dev-*", "IMMUTABLE except dev-*"],
    [repository?.imageScanningConfiguration?.scanOnPush === true, "scan on push"],
    [lifecycle, "lifecycle policy"],
    [policy, "repository policy"],
    [team === "a", "tag team=a"],
    [encryption === "AES256", "AES256"],
  ];
  return {
    words: checks.map(([, words]) => words).join(", "),
    missing: checks.filter(([holds]) => !holds).map(([, words]) => words),
  };
}

async function present(missing: string, read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === missing) return false;
    throw error;
  }
}
