/** ARNs of ECR: `arn:aws:ecr:REGION:ACCOUNT:repository/NAME`. */
import type { AccountContext } from "../aws/call.ts";
import { invalidParameter } from "../aws/refusals.ts";

type Place = Pick<AccountContext, "accountId" | "region">;

/** `registryId`: as the caller gave it; another account's makes the permission check refuse the call. */
export function repositoryArn(account: Place, name: string, registryId = account.accountId): string {
  return `arn:aws:ecr:${account.region}:${registryId}:repository/${name}`;
}

/** Name of the repository. Error: InvalidParameterException for anything but the ARN of a repository. */
export function repositoryNameOf(resourceArn: string): string {
  const name = /^arn:aws[a-z-]*:ecr:[a-z0-9-]+:\d{12}:repository\/(.+)$/.exec(resourceArn)?.[1];
  if (name === undefined) throw invalidParameter("resourceArn", "Invalid ARN");
  return name;
}
