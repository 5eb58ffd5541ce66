import {
  type ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-ecr";
import { unless } from "./errors.ts";

/**
 * The settings of a repository that DescribeRepositories leaves out, one call each. "No policy" and "no repository" are one
 * kind of error (`not-found`): the caller has just described the repository, and one that was deleted meanwhile shows at its next
 * write.
 */

/** Lifecycle policy text, or undefined when there is none. Errors: AutopilotError. */
export async function getLifecyclePolicy(ecr: ECRClient, name: string): Promise<string | undefined> {
  const output = await unless(["not-found"], `read the lifecycle policy of '${name}'`, () =>
    ecr.send(new GetLifecyclePolicyCommand({ repositoryName: name })),
  );
  return output?.lifecyclePolicyText;
}

/** Repository policy text, or undefined when there is none. Errors: AutopilotError. */
export async function getRepositoryPolicy(ecr: ECRClient, name: string): Promise<string | undefined> {
  const output = await unless(["not-found"], `read the repository policy of '${name}'`, () =>
    ecr.send(new GetRepositoryPolicyCommand({ repositoryName: name })),
  );
  return output?.policyText;
}

/** All tags of a repository, or undefined when it is gone. Errors: AutopilotError. */
export async function listRepositoryTags(
  ecr: ECRClient,
  repository: { readonly name: string; readonly arn: string },
): Promise<Record<string, string> | undefined> {
  const output = await unless(["not-found"], `read the tags of '${repository.name}'`, () =>
    ecr.send(new ListTagsForResourceCommand({ resourceArn: repository.arn })),
  );
  return output && Object.fromEntries((output.tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}
