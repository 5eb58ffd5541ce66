import type { ECRClient } from "@aws-sdk/client-ecr";
import { listRepositories } from "../ecr/repositories.ts";
import type { Policy } from "../policy/schema.ts";
import { destinationsOf } from "./destinations-of.ts";

/** DescribeRepositories takes 1,000 (API model, maxResults). */
const PAGE = 1_000;

/** The private repositories that the rules publish to each public one, by its name: 1,000 a call, and none without rules. Errors: AutopilotError. */
export async function readSources(
  ecr: ECRClient,
  policy: Pick<Policy, "mirror">,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const sources = new Map<string, string[]>();
  if (policy.mirror.length === 0) return sources;
  let from: string | undefined;
  do {
    const page = await listRepositories(ecr, { from, size: PAGE });
    for (const { name } of page.repositories) {
      for (const destination of destinationsOf(policy, name).keys()) {
        sources.set(destination, [...(sources.get(destination) ?? []), name]);
      }
    }
    from = page.next;
  } while (from !== undefined);
  return sources;
}

/** The sources of one destination, out of a list of all private repositories that is read once, and only when somebody asks. */
export function lookUpSources(
  ecr: ECRClient,
  policy: Pick<Policy, "mirror">,
): (destination: string) => Promise<readonly string[]> {
  let reading: Promise<ReadonlyMap<string, readonly string[]>> | undefined;
  return async (destination) => {
    reading ??= readSources(ecr, policy);
    // A failed look-up is not kept: the next repository asks again.
    reading.catch(() => {
      reading = undefined;
    });
    return (await reading).get(destination) ?? [];
  };
}
