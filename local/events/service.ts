/** EventBridge as the endpoint serves it: PutEvents alone, since rules and targets come from the template. */
import type { Service } from "../aws/operation.ts";
import type { EventPlace } from "./envelope.ts";
import { type EventSink, putEvents } from "./put-events.ts";

/** `account`: where the events belong. */
export function createEventsService(bus: EventSink, account: EventPlace): Service {
  const operation = putEvents(bus, account);
  return { name: "events", targetPrefix: "AWSEvents", operations: new Map([[operation.name, operation]]) };
}
