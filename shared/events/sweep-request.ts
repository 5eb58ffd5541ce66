import * as z from "zod/mini";
import type { Envelope } from "./envelope.ts";
import { parseAs } from "./parse.ts";

/** Where a sweep stands (shared/standards/sweep-repositories.ts), as it travels in a message. */
const Position = z.object({
  from: z.string().check(z.minLength(1)),
  startedAt: z.string(),
  invocations: z.number(),
  counts: z.object({
    repositories: z.number(),
    conforming: z.number(),
    putBack: z.number(),
    differing: z.number(),
    reported: z.number(),
    excepted: z.number(),
    misnamed: z.number(),
    ungoverned: z.number(),
    failed: z.number(),
    gone: z.number(),
    writes: z.record(z.string(), z.number()),
    flaggedBy: z.record(z.string(), z.number()),
  }),
});

export type SweepPosition = z.output<typeof Position>;

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

const ByHand = z.strictObject({ mode: z.enum(["apply", "plan"]), position: z.optional(Position) });

export type SweepByHand = z.output<typeof ByHand>;

/** What somebody calls the function with: `{ "mode": "plan" }`, and the `next` of an answer as `position`. Errors: permanent `event-malformed`. */
export function parseSweepByHand(payload: unknown): SweepByHand {
  return parseAs(ByHand, payload, "a sweep by hand");
}
