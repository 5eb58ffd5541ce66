import * as v from "valibot";
import type { Envelope } from "./envelope.ts";
import { parseAs } from "./parse.ts";
import { number, record, strictObject, text } from "./shapes.ts";

/** As Date.toISOString writes it. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Where a sweep of the mirrors stands (shared/mirror/sweep-mirrors.ts), as it travels in a message. */
const Position = strictObject({
  part: v.picklist(["private", "orphans"]),
  from: v.optional(text),
  after: v.optional(text),
  repository: v.optional(text),
  startedAt: v.pipe(v.string(), v.regex(TIME)),
  invocations: number,
  pullTimeExclusion: text,
  counts: strictObject({
    repositories: number,
    requested: number,
    conflicts: number,
    dropped: number,
    deleted: number,
    followed: number,
    waiting: number,
    held: number,
    failed: number,
    gone: number,
    deletedByRule: record(number),
  }),
});

export type MirrorsPosition = v.InferOutput<typeof Position>;

const SOURCE = "ecr-autopilot";
const DETAIL_TYPE = "Mirrors Sweep Continues";

/** The message with which a sweep that ran short of time goes on: an envelope like all others, which no rule ever sees. */
export function mirrorsSweepContinues(position: MirrorsPosition): string {
  const time = new Date().toISOString();
  const place = { id: `${position.startedAt}-${position.invocations}`, account: "", region: "" };
  return JSON.stringify({ ...place, time, source: SOURCE, "detail-type": DETAIL_TYPE, detail: position });
}

/** Where to go on; undefined for an event that begins a sweep. Errors: permanent `event-malformed`. */
export function parseMirrorsSweepContinues(event: Envelope): MirrorsPosition | undefined {
  if (event.source !== SOURCE || event["detail-type"] !== DETAIL_TYPE) return undefined;
  return parseAs(Position, event.detail, "a sweep of the mirrors that continues");
}

const ByHand = strictObject({
  mode: v.picklist(["apply", "plan"]),
  position: v.optional(Position),
  repository: v.optional(text),
});

export type MirrorsSweepByHand = v.InferOutput<typeof ByHand>;

/**
 * What somebody calls the function with: `{ "mode": "plan" }`, with the `next` of an answer as `position`, or for one private `repository`. Errors: permanent
 * `event-malformed`.
 */
export function parseMirrorsSweepByHand(payload: unknown): MirrorsSweepByHand {
  return parseAs(ByHand, payload, "a sweep of the mirrors by hand");
}
