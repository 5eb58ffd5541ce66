/**
 * Principals whose pulls leave the pull time of images as it is. User guide, "Pull-time update exclusions":
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html
 */
import { AwsError } from "../aws/call.ts";
import { type Shape, string } from "../aws/constraints.ts";
import type { Registry } from "../store/store.ts";

/** API model, PrincipalArn. The user guide speaks of roles alone, the model lets users in too. */
export const principalArn: Shape = string({
  max: 200,
  pattern: "^arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)/[\\w+=,.@-]+(/[\\w+=,.@-]+)*$",
});

/** User guide: "You can configure up to 100 exclusions per account." */
const mostExclusions = 100;
const documentKey = "ecr-pull-time-exclusions";

/** In the order of the ARNs. */
export function pullTimeExclusions(registry: Registry): string[] {
  return Object.keys(registry.document(documentKey) ?? {}).sort();
}

/** Errors: ExclusionAlreadyExists, LimitExceeded past 100. */
export async function addExclusion(registry: Registry, arn: string, at: Date): Promise<void> {
  const present = registry.document(documentKey) ?? {};
  if (Object.hasOwn(present, arn)) {
    throw new AwsError(
      "ExclusionAlreadyExistsException",
      `The pull time update exclusion for the principal '${arn}' already exists`,
    );
  }
  if (Object.keys(present).length >= mostExclusions) {
    throw new AwsError(
      "LimitExceededException",
      `The registry has ${mostExclusions} pull time update exclusions already`,
    );
  }
  await registry.putDocument(documentKey, { ...present, [arn]: at.getTime() });
}

/** Error: ExclusionNotFound. */
export async function removeExclusion(registry: Registry, arn: string): Promise<void> {
  const { [arn]: removed, ...left } = registry.document(documentKey) ?? {};
  if (removed === undefined) {
    throw new AwsError(
      "ExclusionNotFoundException",
      `The pull time update exclusion for the principal '${arn}' does not exist`,
    );
  }
  await registry.putDocument(documentKey, left);
}
