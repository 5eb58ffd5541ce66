/** How much a timeline entry asks to be looked at. */
import type { EventEnvelope } from "../events/event.ts";
import type { TimelineEntry } from "../timeline.ts";

/** `quiet`: routine, nothing came of it. `refused`: somebody was told no. `failed`: work that was not done. */
export type Tone = "quiet" | "plain" | "refused" | "failed";

/** Decisions that changed nothing, by the end of their names. */
const nothingDone = /-(conforms?|unchanged|ignored|not-selected|gone)$/;
const refusal = /-(refused|conflict)$/;
/** Parts of every push: the image that they end in is told on its own. */
const partsOfPush = /:(InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload)$/;

export function toneOf({ kind, what, facts }: TimelineEntry): Tone {
  switch (kind) {
    case "failure":
      return "failed";
    case "decision":
      if (refusal.test(what) || facts.level === "WARN") return "refused";
      return nothingDone.test(what) ? "quiet" : "plain";
    case "call":
      if (facts.error !== undefined) return "refused";
      return partsOfPush.test(what) ? "quiet" : "plain";
    case "event":
      return toneOfEvent(facts.event as EventEnvelope | undefined);
  }
}

/** CloudTrail tells each call a second time; only the refusal of one is worth a second look. */
function toneOfEvent(event: EventEnvelope | undefined): Tone {
  if (event?.["detail-type"] !== "AWS API Call via CloudTrail") return "plain";
  const { errorCode, readOnly } = event.detail;
  if (errorCode === undefined) return "quiet";
  // Before a push, clients ask for what may not be there: that is an answer, not a refusal.
  return readOnly === true && errorCode !== "AccessDenied" ? "quiet" : "refused";
}
