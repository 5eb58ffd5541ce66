import { type ECRClient, RegisterPullTimeUpdateExclusionCommand } from "@aws-sdk/client-ecr";
import { unless } from "./errors.ts";

/**
 * From now on pulls by this principal leave the pull time of images as it is, so that they do not keep an image from the lifecycle rules
 * that count the days since the last pull. `principalArn`: of a role, never of its session. False when it was registered already.
 * Errors: AutopilotError; permanent `ecr-unsupported` in a Region without the call, transient `ecr-limit` beyond 100 in the account.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html
 */
export async function registerPullTimeExclusion(ecr: ECRClient, principalArn: string): Promise<boolean> {
  const output = await unless(["already-exists"], `exclude the pulls of '${principalArn}' from pull times`, () =>
    ecr.send(new RegisterPullTimeUpdateExclusionCommand({ principalArn })),
  );
  return output !== undefined;
}
