/** ARNs of ECR Public, which name no Region: `arn:aws:ecr-public::ACCOUNT:repository/NAME`. */
import type { AccountContext } from "../aws/call.ts";
import { invalidParameter } from "../aws/refusals.ts";

type Account = Pick<AccountContext, "accountId">;

/** `registryId`: as the caller gave it; another account's makes the permission check refuse the call. */
export function repositoryArn(account: Account, name: string, registryId = account.accountId): string {
  return `arn:aws:ecr-public::${registryId}:repository/${name}`;
}

/** As DescribeRegistries shows it (CLI reference). */
export function registryArn({ accountId }: Account): string {
  return `arn:aws:ecr-public::${accountId}:registry/${accountId}`;
}

/** Name of the repository. Error: InvalidParameterException for anything but the ARN of a public repository. */
export function repositoryNameOf(resourceArn: string): string {
  const name = /^arn:aws[a-z-]*:ecr-public::\d{12}:repository\/(.+)$/.exec(resourceArn)?.[1];
  if (name === undefined) throw invalidParameter("resourceArn", "Invalid ARN");
  return name;
}
