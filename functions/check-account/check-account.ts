import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { Observer } from "#shared/observability/observer.ts";
import { judgeTrails, type TrailVerdict } from "#shared/trail/judge-trails.ts";
import { readTrails } from "#shared/trail/read-trails.ts";

export interface CheckAccountDeps {
  readonly cloudTrail: CloudTrailClient;
  readonly observer: Observer;
  readonly region: string;
}

/**
 * Looks for what the account must have besides this stack: a CloudTrail trail, without which no rule learns of calls to ECR. The stack cannot make
 * it, since trails are the account's, mostly the organization's. Tells what it found; a trail that is missing is no failure, and another try
 * mends nothing. Errors: transient `trail-unreadable`.
 */
export async function checkAccount(deps: CheckAccountDeps): Promise<void> {
  const { trail, reason, by, lacks } = await lookAtAccount(deps);
  const { region, observer } = deps;
  if (trail === "missing") observer.decided({ decision: "trail-missing", region, lacks, reason });
  else if (trail === "unknown") observer.decided({ decision: "trail-unknown", region, reason });
  else observer.decided({ decision: "trail-logging", region, trail: by, reason });
}

/** The same for somebody who asks: told to nobody else. Errors: transient `trail-unreadable`. */
export async function lookAtAccount({
  cloudTrail,
  region,
}: Pick<CheckAccountDeps, "cloudTrail" | "region">): Promise<TrailVerdict> {
  return judgeTrails(await readTrails(cloudTrail, region), region);
}
