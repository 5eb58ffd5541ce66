import { randomUUID } from "node:crypto";
import { type EventPlace, envelope } from "./envelope.ts";
import type { EventEnvelope } from "./event.ts";

/**
 * What CloudFormation sends when a stack has been created.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
 */
export function stackDeployed(place: EventPlace & { readonly clock: () => Date }, stackId: string): EventEnvelope {
  return envelope(place, place.clock(), {
    source: "aws.cloudformation",
    "detail-type": "CloudFormation Stack Status Change",
    resources: [stackId],
    detail: {
      "stack-id": stackId,
      "status-details": { status: "CREATE_COMPLETE", "status-reason": "" },
      "client-request-token": randomUUID(),
    },
  });
}
