/** How much a timeline entry asks to be looked at. */
import type { EventEnvelope } from "../events/event.ts";
import type { TimelineEntry } from "../timeline.ts";

/**
 * `quiet`: routine, nothing came of it. `refused`: somebody was told no. `finding`: something is not as the policy wants it, and stays so until
 * a person acts. `failed`: work that was not done.
 */
export type Tone = "quiet" | "plain" | "refused" | "finding" | "failed";

/** Kinds of decisions, by the end of their names; the first changed nothing, nor need anybody. */
const nothingDone = /-(conforms?|unchanged|ignored|not-selected|gone|in-force|continues)$/;
const refusal = /-(refused|conflict)$/;
const finding = /-(misnamed|differs|reported|expired|finding)$/;
const failure = /-failed$/;
/** Parts of every push: the image that they end in is told on its own. */
const partsOfPush = /:(InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload)$/;

export function toneOf({ kind, what, facts }: TimelineEntry): Tone {
  switch (kind) {
    case "failure":
      return "failed";
    case "decision":
      if (failure.test(what)) return "failed";
      if (finding.test(what)) return "finding";
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
