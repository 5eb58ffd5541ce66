import type { Decision, DecisionName } from "../observability/observer.ts";
import type { LambdaObserver } from "../observability/powertools-observer.ts";
import type { EventBus, OwnEvent } from "./events.ts";

/** Decisions that others may want to act on, and their events' detail types. events/README.md documents them. */
const ANNOUNCED: Partial<Readonly<Record<DecisionName, string>>> = {
  "repository-created": "Repository Created",
  "repository-brought-to-standard": "Repository Brought To Standard",
  "repository-refused": "Repository Refused",
  "drift-put-back": "Drift Put Back",
  "exception-expired": "Exception Expired",
  "sweep-finished": "Sweep Finished",
  "image-mirrored": "Image Mirrored",
  "image-blocked": "Image Blocked",
  "image-refused": "Image Refused",
  "image-conflict": "Image Conflict",
  "image-push-attributed": "Image Push Attributed",
  "public-tag-deleted": "Public Tag Deleted",
  "mirrors-swept": "Mirrors Swept",
  "catalog-updated": "Catalog Updated",
  "trail-missing": "Trail Missing",
};

/** Events of one call; once so many wait they are published, so that a long sweep neither collects them all nor ends with hundreds of calls. */
const AT_ONCE = 10;

/** What the publishing may take of the end of an invocation, and what it must leave before the deadline. */
const MOST_MS = 5_000;
const RESERVE_MS = 500;

/** Longest reason in an event, in UTF-16 units: far below what an entry may have (shared/messaging/events.ts). The log has the whole. */
const LONGEST_REASON = 10_000;

/**
 * `observer`, with its announced decisions published on `bus` as well, the last of them in `end()`. The detail is the decision's facts, with
 * `version` 1 and the name of the function.
 *
 * An event that could not be published is told by `failed`, and fails nothing else: the work is done, and if it were repeated it would
 * decide otherwise.
 */
export function announcing(observer: LambdaObserver, bus: EventBus, service: string): LambdaObserver {
  let waiting: OwnEvent[] = [];
  let published = Promise.resolve();
  let late = new AbortController();
  let publishingMs = () => MOST_MS;

  function publish(): void {
    const events = waiting;
    waiting = [];
    const { signal } = late;
    published = published
      .then(() => bus.publish(events, signal))
      .catch((error) => observer.failed(error, { events: events.length }));
  }

  return {
    begin(context) {
      observer.begin(context);
      late = new AbortController();
      publishingMs = () => Math.max(0, Math.min(MOST_MS, context.getRemainingTimeInMillis() - RESERVE_MS));
    },
    decided(decision) {
      observer.decided(decision);
      const detailType = ANNOUNCED[decision.decision];
      if (detailType === undefined) return;
      waiting.push({ detailType, detail: detailOf(decision, service), time: new Date() });
      if (waiting.length === AT_ONCE) publish();
    },
    failed: (error, facts) => observer.failed(error, facts),
    async end() {
      const timer = setTimeout(() => late.abort(), publishingMs());
      if (waiting.length > 0) publish();
      await published;
      clearTimeout(timer);
      await observer.end();
    },
  };
}

function detailOf({ decision: _, reason, ...facts }: Decision, service: string): Record<string, unknown> {
  return { version: 1, function: service, ...facts, ...(reason !== undefined && { reason: shortened(reason) }) };
}

/** Cut between two code points: half of a pair is no text in UTF-8. */
function shortened(reason: string): string {
  if (reason.length <= LONGEST_REASON) return reason;
  return `${reason.slice(0, LONGEST_REASON - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
