import {
  type ECRPUBLICClient,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-ecr-public";
import { unless } from "./errors.ts";
import type { PublicRepository } from "./public-repositories.ts";

type Tagged = Pick<PublicRepository, "name" | "arn">;

/** All resource tags of a public repository, at most 50, or undefined when it is gone. Errors: AutopilotError. */
export async function listPublicRepositoryTags(
  client: ECRPUBLICClient,
  { name, arn }: Tagged,
): Promise<Record<string, string> | undefined> {
  const output = await unless(["not-found"], `read the tags of public repository '${name}'`, () =>
    client.send(new ListTagsForResourceCommand({ resourceArn: arn })),
  );
  return output && Object.fromEntries((output.tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}

/**
 * Adds or overwrites these resource tags and leaves all others. False when the repository is gone. Errors: AutopilotError; permanent
 * `ecr-invalid` beyond 50 (TooManyTagsException).
 */
export async function tagPublicRepository(
  client: ECRPUBLICClient,
  { name, arn }: Tagged,
  tags: Readonly<Record<string, string>>,
): Promise<boolean> {
  const output = await unless(["not-found"], `tag public repository '${name}'`, () =>
    client.send(
      new TagResourceCommand({
        resourceArn: arn,
        tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    ),
  );
  return output !== undefined;
}

/** Takes resource tags away by their keys; one that is not there is none the less. False when the repository is gone. Errors: AutopilotError. */
export async function untagPublicRepository(
  client: ECRPUBLICClient,
  { name, arn }: Tagged,
  keys: readonly string[],
): Promise<boolean> {
  const output = await unless(["not-found"], `untag public repository '${name}'`, () =>
    client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] })),
  );
  return output !== undefined;
}
