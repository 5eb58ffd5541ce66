import type { ECRClient } from "@aws-sdk/client-ecr";
import { listRepositories } from "#shared/ecr/repositories.ts";
import type { NamingBreach } from "#shared/policy/naming.ts";
import { nearNameBreach } from "#shared/policy/near-names.ts";
import type { Policy } from "#shared/policy/schema.ts";

/** All that DescribeRepositories takes (API model, maxResults). */
const PAGE_SIZE = 1_000;

/**
 * The first existing repository that a new name is most likely a slip of, as a breach; page by page, one page in memory. Without the guard in
 * the policy nothing is read. Errors: AutopilotError.
 */
export async function findNearName(
  ecr: ECRClient,
  policy: Pick<Policy, "naming">,
  name: string,
): Promise<NamingBreach | undefined> {
  if (policy.naming.nearNames === undefined) return undefined;
  let from: string | undefined;
  do {
    const page = await listRepositories(ecr, { from, size: PAGE_SIZE });
    for (const other of page.repositories) {
      const breach = nearNameBreach(policy, name, other.name);
      if (breach !== undefined) return breach;
    }
    from = page.next;
  } while (from !== undefined);
  return undefined;
}
