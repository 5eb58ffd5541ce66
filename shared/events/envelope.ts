import * as z from "zod/mini";
import { permanent } from "../errors.ts";
import { parseAs } from "./parse.ts";

/**
 * The EventBridge envelope: what every event carries around its detail.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
export const Envelope = z.looseObject({
  id: z.string(),
  "detail-type": z.string(),
  source: z.string(),
  account: z.string(),
  time: z.string(),
  region: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

export type Envelope = z.output<typeof Envelope>;

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
