import type { Policy } from "./schema.ts";

/**
 * Why the stack of this Region leaves the public side alone; undefined where it looks after it. ECR Public is one for all Regions of an account, so one
 * stack alone clears it and writes its pages, where the policy names that one.
 */
export function publicSideElsewhere(
  { publicRegion }: Pick<Policy, "publicRegion">,
  region: string,
): string | undefined {
  if (publicRegion === undefined || publicRegion === region) return undefined;
  return `the policy names ${publicRegion} as publicRegion: the stack of ${region} publishes, but leaves retention, deletions and gallery pages to the one there`;
}
