/** The trail of the local account: one of its own Region, which takes all management events. */
import { type AccountContext, AwsError } from "../aws/call.ts";

/** `stopped`: there, and not logging. */
export type TrailState = "logging" | "stopped" | "none";

type Place = Pick<AccountContext, "accountId" | "region">;

export const TRAIL_NAME = "management-events";

export function trailArn({ accountId, region }: Place): string {
  return `arn:aws:cloudtrail:${region}:${accountId}:trail/${TRAIL_NAME}`;
}

/** ARN of a trail that is named by it or by its name. */
export function namedTrail(name: string, place: Place): string {
  return name.startsWith("arn:") ? name : `arn:aws:cloudtrail:${place.region}:${place.accountId}:trail/${name}`;
}

/** Error: TrailNotFoundException for a trail that is not there, in the words that are seen in public reports. */
export function requireTrail(name: string, state: TrailState, place: Place): void {
  if (state !== "none" && namedTrail(name, place) === trailArn(place)) return;
  throw new AwsError("TrailNotFoundException", `Unknown trail: ${name} for the user: ${place.accountId}`);
}
