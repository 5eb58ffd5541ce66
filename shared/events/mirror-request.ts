import * as v from "valibot";
import type { Envelope } from "./envelope.ts";
import { DETAIL_TYPE, SOURCE } from "./mirror-requested.ts";
import { parseAs } from "./parse.ts";
import { number, object, text } from "./shapes.ts";

/** Who pushed what is asked for, and under which tag; known from CloudTrail alone, so from no other event. */
const Push = object({ by: text, digest: text, tag: v.optional(text) });

export type Push = v.InferOutput<typeof Push>;

/** A request of this project's own: what did not fit into an invocation, or what a back-fill found. By tag or by digest. */
const Request = object({
  repository: text,
  tag: v.optional(v.string()),
  digest: v.optional(v.string()),
  /** `recorded`: CloudTrail has told of a push, and that is not looked at yet. `requested`: all others. */
  cause: v.optional(v.picklist(["recorded", "requested"]), "requested"),
  push: v.optional(Push),
  /** Invocations that have worked on it so far, and how many of them failed. */
  rounds: number,
  failures: number,
  /** Time of the push or the scan that it came from; none of what a sweep asks for. */
  since: v.optional(v.string()),
});

export type MirrorMessage = v.InferOutput<typeof Request>;

export function isMirrorRequest(event: Envelope): boolean {
  return event.source === SOURCE && event["detail-type"] === DETAIL_TYPE;
}

/** Errors: permanent `event-malformed`. */
export function parseMirrorRequest(event: Envelope): MirrorMessage {
  return parseAs(Request, event.detail, "a request to mirror");
}
