/**
 * Refusals that AWS is known to give. Texts stand here only where public reports or AWS's own pages show them: what the local
 * account words by itself is no part of the contract.
 */
import { expect } from "vitest";

/** The call is refused with this exception, and with this text where it is given. */
export async function expectRefusal(work: Promise<unknown>, name: string, message?: string | RegExp): Promise<void> {
  const told = message instanceof RegExp ? expect.stringMatching(message) : message;
  await expect(work).rejects.toMatchObject({ name, ...(told === undefined ? {} : { message: told }) });
}

interface Place {
  readonly name: string;
  readonly registryId: string;
}

const ending = ({ name, registryId }: Place) =>
  `for the repository with name '${name}' in the registry with id '${registryId}'`;

export const texts = {
  repositoryUnknown: ({ name, registryId }: Place) =>
    `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
  repositoryExists: ({ name, registryId }: Place) =>
    `The repository with name '${name}' already exists in the registry with id '${registryId}'`,
  repositoryNotEmpty: ({ name, registryId }: Place) =>
    `The repository with name '${name}' in registry with id '${registryId}' cannot be deleted because it still contains images`,
  imageExists: ({ name, registryId }: Place, digest: string, tag: string) =>
    `Image with digest '${digest}' and tag '${tag}' already exists in the repository with name '${name}' in registry with id '${registryId}'`,
  tagImmutable: ({ name }: Place, tag: string) =>
    `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`,
  childrenMissing: ({ name, registryId }: Place, digests: readonly string[]) =>
    `Images with digests '[${digests.join(", ")}]' required for pushing image into repository with name '${name}' in the registry with id '${registryId}' do not exist`,
  imageUnknown: ({ name, registryId }: Place, { digest = "null", tag = "null" }: { digest?: string; tag?: string }) =>
    `The image with imageId {imageDigest:'${digest}', imageTag:'${tag}'} does not exist within the repository with name '${name}' in the registry with id '${registryId}'`,
  layerUnknown: ({ name, registryId }: Place, digest: string) =>
    `The layer with digest ${digest} does not exist within the repository with name '${name}' in the registry with id '${registryId}'`,
  lifecyclePolicyUnknown: (place: Place) => `Lifecycle policy does not exist ${ending(place)}`,
  repositoryPolicyUnknown: (place: Place) => `Repository policy does not exist ${ending(place)}`,
  invalid: (member: string, constraint: string) =>
    `Invalid parameter at '${member}' failed to satisfy constraint: '${constraint}'`,
  invalidManifest: "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
} as const;

/** Any constraint on this member. */
export function invalidAt(member: string): RegExp {
  return new RegExp(`^Invalid parameter at '${member}' failed to satisfy constraint: '`);
}
