import type { TrailFacts } from "./read-trails.ts";

/** What keeps CloudTrail's records from the rules of this Region. */
export type Lack = "no-trail" | "not-logging" | "no-write-events" | "other-region";

export interface TrailVerdict {
  /** `unknown`: no trail is known to do, and one may, which only its owner can tell. */
  readonly trail: "logging" | "missing" | "unknown";
  /** For a person. */
  readonly reason: string;
  /** The trail that does. */
  readonly by?: string;
  /** Each once; empty unless it is missing. */
  readonly lacks: readonly Lack[];
}

/**
 * Whether CloudTrail's records of ECR's calls reach the rules of this Region: EventBridge has them only where a trail is logging
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html). Pure.
 */
export function judgeTrails(trails: readonly TrailFacts[], region: string): TrailVerdict {
  const good = trails.find((one) => one.coversRegion && one.isLogging === "yes" && one.takesWrites === "yes");
  if (good !== undefined) {
    const reason = `${good.trail} is logging management events that write, in ${region}`;
    return { trail: "logging", reason, by: good.trail, lacks: [] };
  }
  const found = trails.map((one) => ({ trail: one.trail, lack: lackOf(one) }));
  const doubtful = found.filter(({ lack }) => lack === undefined).map(({ trail }) => trail);
  if (doubtful.length > 0) {
    const reason = `${doubtful.join(", ")} may be logging management events that write: this account cannot tell, ask the owner of the trail`;
    return { trail: "unknown", reason, lacks: [] };
  }
  const lacks: readonly Lack[] =
    found.length === 0 ? ["no-trail"] : [...new Set(found.flatMap(({ lack }) => lack ?? []))];
  const reasons =
    found.length === 0
      ? [`no trail covers ${region}`]
      : found.map(({ trail, lack }) => `${trail} ${lack === undefined ? "" : WORDS[lack](region)}`);
  return { trail: "missing", reason: `${reasons.join("; ")}. ${CONSEQUENCE}`, lacks };
}

const CONSEQUENCE =
  "Without one, tag mutability that somebody changes is put back by the hourly sweep alone, a push to a missing repository is not seen, and nobody learns who pushed; docs/operations.md#no-trail";

const WORDS: Readonly<Record<Lack, (region: string) => string>> = {
  "no-trail": (region) => `does not cover ${region}`,
  "not-logging": () => "is not logging",
  "no-write-events": () => "leaves out management events that write",
  "other-region": (region) => `leaves out ${region}`,
};

/** Undefined in doubt. */
function lackOf({ coversRegion, isLogging, takesWrites }: TrailFacts): Lack | undefined {
  if (!coversRegion) return "other-region";
  if (isLogging === "no") return "not-logging";
  return takesWrites === "no" ? "no-write-events" : undefined;
}
