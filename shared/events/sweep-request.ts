import * as v from "valibot";
import type { Envelope } from "./envelope.ts";
import { parseAs } from "./parse.ts";
import { number, record, strictObject, text } from "./shapes.ts";

/** As Date.toISOString writes it. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Where a sweep stands (shared/standards/sweep-repositories.ts), as it travels in a message. */
const Position = strictObject({
  from: v.optional(text),
  startedAt: v.pipe(v.string(), v.regex(TIME)),
  invocations: number,
  counts: strictObject({
    repositories: number,
    conforming: number,
    putBack: number,
    differing: number,
    reported: number,
    excepted: number,
    misnamed: number,
    ungoverned: number,
    failed: number,
    gone: number,
    writes: record(number),
    flaggedBy: record(number),
  }),
});

export type SweepPosition = v.InferOutput<typeof Position>;

const SOURCE = "ecr-autopilot";
const DETAIL_TYPE = "Sweep Continues";

/** The message with which a sweep that ran short of time goes on: an envelope like all others, which no rule ever sees. */
export function sweepContinues(position: SweepPosition): string {
  const time = new Date().toISOString();
  const place = { id: `${position.startedAt}-${position.invocations}`, account: "", region: "" };
  return JSON.stringify({ ...place, time, source: SOURCE, "detail-type": DETAIL_TYPE, detail: position });
}

/** Where to go on; undefined for an event that begins a sweep. Errors: permanent `event-malformed`. */
export function parseSweepContinues(event: Envelope): SweepPosition | undefined {
  if (event.source !== SOURCE || event["detail-type"] !== DETAIL_TYPE) return undefined;
  return parseAs(Position, event.detail, "a sweep that continues");
}

const ByHand = strictObject({
  mode: v.picklist(["apply", "plan"]),
  position: v.optional(Position),
  repository: v.optional(text),
});

export type SweepByHand = v.InferOutput<typeof ByHand>;

/**
 * What somebody calls the function with: `{ "mode": "plan" }`, with the `next` of an answer as `position`, or for one `repository`. Errors: permanent
 * `event-malformed`.
 */
export function parseSweepByHand(payload: unknown): SweepByHand {
  return parseAs(ByHand, payload, "a sweep by hand");
}
