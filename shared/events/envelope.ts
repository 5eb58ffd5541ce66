import * as v from "valibot";
import { permanent } from "../errors.ts";
import { parseAs } from "./parse.ts";
import { object, record } from "./shapes.ts";

/**
 * The EventBridge envelope: what every event carries around its detail.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
export const Envelope = object({
  id: v.string(),
  "detail-type": v.string(),
  source: v.string(),
  account: v.string(),
  time: v.string(),
  region: v.string(),
  detail: record(v.unknown()),
});

export type Envelope = v.InferOutput<typeof Envelope>;

/** The envelope in the body of a queue message. Errors: permanent `event-malformed`. */
export function parseEnvelope(body: string): Envelope {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw permanent("event-malformed", `not an EventBridge event: the message body is not JSON`, cause);
  }
  return parseAs(Envelope, value, "an EventBridge event");
}
