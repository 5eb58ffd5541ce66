import { AutopilotError } from "#shared/errors.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { isImageAction, parseImageAction } from "#shared/events/image-action.ts";
import { parseImagePut } from "#shared/events/image-put.ts";
import { isImageScan, parseImageScan } from "#shared/events/image-scan.ts";
import { isMirrorRequest, type Push, parseMirrorRequest } from "#shared/events/mirror-request.ts";
import { mirrorRequested } from "#shared/events/mirror-requested.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import type { Queue } from "#shared/messaging/queue.ts";
import { type MirrorDeps, type MirrorOutcome, mirrorImage as mirror } from "#shared/mirror/mirror-image.ts";
import type { Reference } from "#shared/mirror/source.ts";
import type { Observer } from "#shared/observability/observer.ts";
import { namesRepository } from "#shared/policy/mirror-rules.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { askedFor, askedOf, isAbout, referenceOf } from "./asked.ts";

export interface MirrorRequest {
  readonly repository: string;
  readonly reference: Reference;
  /**
   * `pushed`: a child without a tag is no news; scanned or asked for, it stands for the indexes that name it. `recorded`: CloudTrail tells of a
   * push, often after its own event, and is looked at only.
   */
  readonly cause: "pushed" | "recorded" | "scanned" | "requested";
  /** Who pushed it; known where the request came from CloudTrail alone, however often it was put off since. */
  readonly push?: Push | undefined;
  /** Invocations that have worked on it before this one, and how many of them failed. */
  readonly rounds: number;
  readonly failures: number;
  /** Time of the push or the scan that began it, ISO 8601; nobody waits for what a sweep asks for. */
  readonly since?: string | undefined;
}

export interface MirrorImageDeps {
  readonly policy: Policy;
  readonly observer: Observer;
  /** This function's own queue, for what does not fit into one invocation, or into the service's rate. */
  readonly queue: Queue;
  /** The engine on both registries, ended by the invocation's signal. */
  readonly engine: (invocation: Invocation) => MirrorDeps;
}

/** A rule of this project: an image that needs more invocations than this is stuck. The largest layer takes one. */
const MOST_ROUNDS = 200;
/** How long a throttled request waits: ECR Public's rates are per second, and a burst of hundreds drains in minutes. */
const THROTTLED_SECONDS = { least: 5, most: 60 } as const;
/** Failures that are tried again soon; after these the queue brings the message back, hours apart, and in the end gives it up. */
const SOON = 5;
const FAILED_SECONDS = 15;
/** How long a recorded push waits for the copy that its own event began: as long as an invocation may take, and as SQS can delay. */
const RECORD_WAITS_SECONDS = 900;
const PUSHES: ReadonlySet<string> = new Set(["PUSH", "UPDATE_STORAGE_CLASS"]);

/**
 * The image that an event is about: pushed (as ECR or as CloudTrail tells it), back from the archive, scanned, or asked for by this project
 * itself. Undefined for other events. Errors: permanent `event-malformed`.
 */
export function parseMirrorEvent(event: Envelope): MirrorRequest | undefined {
  const { time: since } = event;
  if (isImageAction(event)) {
    const { action, succeeded, repository, tag, digest } = parseImageAction(event);
    const reference = tag === undefined ? digest && { digest } : { tag };
    return PUSHES.has(action) && succeeded && reference
      ? { repository, reference, cause: "pushed", rounds: 0, failures: 0, since }
      : undefined;
  }
  if (isImageScan(event)) {
    const { repository, digest } = parseImageScan(event);
    return { repository, reference: { digest }, cause: "scanned", rounds: 0, failures: 0, since };
  }
  const put = parseImagePut(event);
  if (put !== undefined) {
    const { repository, ...push } = put;
    const reference = referenceOf(push);
    return { repository, reference, cause: "recorded", push, rounds: 0, failures: 0, since };
  }
  if (!isMirrorRequest(event)) return undefined;
  const { repository, tag, digest = "", ...rest } = parseMirrorRequest(event);
  return { repository, reference: tag === undefined ? { digest } : { tag }, ...rest };
}

/** Requests of one batch with the same key are done once. Who pushed it is told for each. */
export function keyOf({ repository, reference, cause, push }: MirrorRequest): string {
  return JSON.stringify([repository, reference, cause === "recorded", push]);
}

/**
 * Publishes an image wherever the policy's mirror rules say so, and nowhere else. A repository that no rule names costs no call at all. What
 * does not fit into the time, or into the service's rate, goes back to the queue as a request; what is public by then makes it cheap. An
 * image that cannot be published as it is (it has no such platform, its manifest cannot be read) is refused on record.
 *
 * A push that CloudTrail has recorded is the second way to the same, and the one that knows who pushed. Both at once would copy a large
 * image twice; so it only looks: what is public goes on record with its caller, what is not comes back once, later, as a request like others.
 * Errors: AutopilotError.
 */
export async function mirrorImage(
  deps: MirrorImageDeps,
  request: MirrorRequest,
  invocation: Invocation,
): Promise<void> {
  const { policy, observer } = deps;
  const { repository, reference, cause, push, since } = request;
  const lookOnly = cause === "recorded";
  if (!namesRepository(policy, repository)) {
    // The push's own event has told it.
    if (lookOnly) return;
    const reason = `no mirror rule names the repository ${repository}`;
    observer.decided({ decision: "image-not-selected", repository, reason });
    return;
  }
  const asked = askedOf(request);
  const seen: Told[] = [];
  let began = performance.now();
  let left = false;
  try {
    const orParents = cause !== "pushed" && push === undefined;
    await mirror(deps.engine(invocation), { repository, reference, orParents, lookOnly }, async (outcome) => {
      if (outcome.outcome === "unpublished") {
        left = true;
        return;
      }
      if (lookOnly) {
        seen.push(outcome);
        return;
      }
      const took = { durationMs: Math.round(performance.now() - began) };
      const lag = outcome.outcome === "mirrored" ? lagSince(since) : {};
      tell(observer, request, outcome, { ...took, ...lag });
      left ||= outcome.outcome === "continues";
      began = performance.now();
    });
  } catch (error) {
    if (error instanceof AutopilotError && error.permanent) {
      const { code, message: reason } = error;
      observer.decided({ decision: "image-refused", ...asked, gate: "image", code, reason });
      return;
    }
    // What was under way when the time was over was cut: nothing is wrong with it.
    const { signal } = invocation;
    const delaySeconds = signal.aborted ? 0 : delayAfter(error, request);
    if (delaySeconds === undefined) throw error;
    if (signal.aborted || isThrottled(error)) {
      const why = isThrottled(error)
        ? { code: error.code, reason: error.message }
        : { reason: "the time of this invocation was over" };
      observer.decided({ decision: "image-continues", ...asked, delaySeconds, ...why });
      return sendAgain(deps, request, delaySeconds);
    }
    observer.failed(error, { ...asked, delaySeconds });
    return sendAgain(deps, { ...request, failures: request.failures + 1 }, delaySeconds);
  }
  if (lookOnly) return afterLook(deps, request, left, seen);
  if (left) await sendAgain(deps, request, 0);
}

type Told = Exclude<MirrorOutcome, { readonly outcome: "unpublished" }>;

/** What the push's own event tells anyway, that it is not selected or gone, is not told again. */
async function afterLook(
  deps: MirrorImageDeps,
  request: MirrorRequest,
  isUnpublished: boolean,
  seen: readonly Told[],
): Promise<void> {
  if (isUnpublished) {
    const delaySeconds = RECORD_WAITS_SECONDS;
    const reason = "it is not public yet: the push's own event may be at work on it";
    deps.observer.decided({ decision: "image-push-waits", ...askedOf(request), delaySeconds, reason });
    return sendAgain(deps, { ...request, cause: "requested" }, delaySeconds);
  }
  for (const outcome of seen) {
    const isNews = outcome.outcome === "unchanged" || outcome.outcome === "refused";
    if (isNews && request.push !== undefined && isAbout(request.push, outcome)) tell(deps.observer, request, outcome);
  }
}

/**
 * Seconds until a request that failed for the moment is tried again; undefined for a failure that goes on. The queue itself would bring it
 * back only after its visibility timeout, which must be longer than the longest invocation.
 */
function delayAfter(error: unknown, { rounds, failures }: MirrorRequest): number | undefined {
  if (!isThrottled(error)) return failures >= SOON ? undefined : FAILED_SECONDS * 2 ** failures;
  const { least, most } = THROTTLED_SECONDS;
  return least + Math.floor(Math.random() * Math.min(most - least, 5 * (rounds + 1)));
}

function isThrottled(error: unknown): error is AutopilotError {
  return error instanceof AutopilotError && ["registry-throttled", "ecr-throttled"].includes(error.code);
}

async function sendAgain(
  { observer, queue }: Pick<MirrorImageDeps, "observer" | "queue">,
  request: MirrorRequest,
  delaySeconds: number,
): Promise<void> {
  const { repository, reference, push, rounds, failures, since } = request;
  if (rounds >= MOST_ROUNDS) {
    const reason = `${MOST_ROUNDS} invocations have worked on it, and it is not done`;
    observer.decided({ decision: "image-refused", ...askedOf(request), gate: "invocations", reason });
    return;
  }
  const cause = request.cause === "recorded" ? "recorded" : "requested";
  const message = { repository, ...reference, cause, push, rounds: rounds + 1, failures, since } as const;
  await queue.send(mirrorRequested(message), { delaySeconds });
}

/** From the event to now; never less than nothing, since its time has no fractions of a second, and its clock is not ours. */
function lagSince(since = ""): { readonly lagMs?: number } {
  const lagMs = Date.now() - Date.parse(since);
  return Number.isNaN(lagMs) ? {} : { lagMs: Math.max(0, lagMs) };
}

function tell(
  observer: Observer,
  request: MirrorRequest,
  told: Told,
  took: { readonly durationMs?: number } = {},
): void {
  const { outcome, ...facts } = told;
  const asked = askedFor(request, told);
  if (outcome === "unchanged" && "pushedBy" in asked) {
    observer.decided({ decision: "image-push-attributed", ...asked, ...facts });
    return;
  }
  const conflicts = "conflicts" in facts && facts.conflicts.length > 0 ? facts.conflicts : undefined;
  const conflict = conflicts && { ...asked, ...facts, ...took, reason: inWords(conflicts) };
  if (outcome !== "conflict") observer.decided({ decision: `image-${outcome}`, ...asked, ...facts, ...took });
  // Tags that had to be left out are told even where the others were published.
  if (conflict !== undefined) observer.decided({ decision: "image-conflict", ...conflict });
}

function inWords(conflicts: readonly { tag: string; published: string; pushed: string }[]): string {
  return conflicts
    .map(
      ({ tag, published, pushed }) => `the public tag ${tag} is ${published}, and must stay it: ${pushed} was pushed`,
    )
    .join("; ");
}
