import { randomUUID } from "node:crypto";
import type { EventEnvelope } from "./event.ts";

/** Where an event belongs. */
export interface EventPlace {
  readonly accountId: string;
  readonly region: string;
}

/** The envelope around a detail, with a new id. */
export function envelope(
  place: EventPlace,
  time: Date,
  event: Pick<EventEnvelope, "source" | "detail-type" | "detail"> & { readonly resources?: readonly string[] },
): EventEnvelope {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": event["detail-type"],
    source: event.source,
    account: place.accountId,
    time: rfc3339(time),
    region: place.region,
    resources: event.resources ?? [],
    detail: event.detail,
  };
}

/** RFC 3339 in whole seconds, as events and CloudTrail records have it. */
export function rfc3339(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
