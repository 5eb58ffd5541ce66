import * as v from "valibot";
import type { Envelope } from "./envelope.ts";
import { parseAs } from "./parse.ts";
import { number, object, text } from "./shapes.ts";

/** A request of this project's own: what did not fit into an invocation, or what a back-fill found. By tag or by digest. */
const Request = object({
  repository: text,
  tag: v.optional(v.string()),
  digest: v.optional(v.string()),
  /** Invocations that have worked on it so far, and how many of them failed. */
  rounds: number,
  failures: number,
});

export type MirrorMessage = v.InferOutput<typeof Request>;

/** A request that begins has no `rounds` and `failures` yet. */
type NewMessage = Omit<MirrorMessage, "rounds" | "failures"> & Partial<MirrorMessage>;

const SOURCE = "ecr-autopilot";
const DETAIL_TYPE = "Mirror Requested";

/** The message for the mirror's queue: an envelope like all others, which no rule ever sees. */
export function mirrorRequested(request: NewMessage): string {
  const place = { id: "mirror-requested", account: "", region: "", time: new Date().toISOString() };
  return JSON.stringify({
    ...place,
    source: SOURCE,
    "detail-type": DETAIL_TYPE,
    detail: { rounds: 0, failures: 0, ...request },
  });
}

export function isMirrorRequest(event: Envelope): boolean {
  return event.source === SOURCE && event["detail-type"] === DETAIL_TYPE;
}

/** Errors: permanent `event-malformed`. */
export function parseMirrorRequest(event: Envelope): MirrorMessage {
  return parseAs(Request, event.detail, "a request to mirror");
}
