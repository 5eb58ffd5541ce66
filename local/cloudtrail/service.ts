/** CloudTrail as the endpoint serves it: what tells of a trail. Trails are neither made nor changed here. */
import type { Operation, Service } from "../aws/operation.ts";
import { describeTrails } from "./describe-trails.ts";
import { getEventSelectors } from "./get-event-selectors.ts";
import { getTrailStatus } from "./get-trail-status.ts";
import type { TrailState } from "./trail.ts";

export function createCloudTrailService(state: TrailState): Service {
  const operations: readonly Operation[] = [describeTrails(state), getEventSelectors(state), getTrailStatus(state)];
  return {
    name: "cloudtrail",
    // The API model has com.amazonaws.cloudtrail.v20131101 before it.
    targetPrefix: "CloudTrail_20131101",
    operations: new Map(operations.map((operation) => [operation.name, operation])),
  };
}
