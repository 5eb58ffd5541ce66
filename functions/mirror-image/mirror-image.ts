import { AutopilotError } from "#shared/errors.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { isImageAction, parseImageAction } from "#shared/events/image-action.ts";
import { isImageScan, parseImageScan } from "#shared/events/image-scan.ts";
import { isMirrorRequest, mirrorRequested, parseMirrorRequest } from "#shared/events/mirror-request.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import type { Queue } from "#shared/messaging/queue.ts";
import { type MirrorDeps, type MirrorOutcome, mirrorImage as mirror } from "#shared/mirror/mirror-image.ts";
import type { Reference } from "#shared/mirror/source.ts";
import type { Observer } from "#shared/observability/observer.ts";
import { namesRepository } from "#shared/policy/mirror-rules.ts";
import type { Policy } from "#shared/policy/schema.ts";

export interface MirrorRequest {
  readonly repository: string;
  readonly reference: Reference;
  /** `pushed`: a child without a tag is no news; scanned or asked for, it stands for the indexes that name it. */
  readonly cause: "pushed" | "scanned" | "requested";
  /** Invocations that have worked on it before this one, and how many of them failed. */
  readonly rounds: number;
  readonly failures: number;
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
const PUSHES: ReadonlySet<string> = new Set(["PUSH", "UPDATE_STORAGE_CLASS"]);

/**
 * The image that an event is about: pushed, back from the archive, scanned, or asked for by this project itself. Undefined for other
 * events. Errors: permanent `event-malformed`.
 */
export function parseMirrorEvent(event: Envelope): MirrorRequest | undefined {
  if (isImageAction(event)) {
    const { action, succeeded, repository, tag, digest } = parseImageAction(event);
    const reference = tag === undefined ? digest && { digest } : { tag };
    return PUSHES.has(action) && succeeded && reference
      ? { repository, reference, cause: "pushed", rounds: 0, failures: 0 }
      : undefined;
  }
  if (isImageScan(event)) {
    const { repository, digest } = parseImageScan(event);
    return { repository, reference: { digest }, cause: "scanned", rounds: 0, failures: 0 };
  }
  if (!isMirrorRequest(event)) return undefined;
  const { repository, tag, digest = "", rounds, failures } = parseMirrorRequest(event);
  return { repository, reference: tag === undefined ? { digest } : { tag }, cause: "requested", rounds, failures };
}

/**
 * Publishes an image wherever the policy's mirror rules say so, and nowhere else. A repository that no rule names costs no call at all. What
 * does not fit into the time, or into the service's rate, goes back to the queue as a request; what is public by then makes it cheap. An
 * image that cannot be published as it is (it has no such platform, its manifest cannot be read) is refused on record.
 * Errors: AutopilotError.
 */
export async function mirrorImage(
  deps: MirrorImageDeps,
  request: MirrorRequest,
  invocation: Invocation,
): Promise<void> {
  const { policy, observer } = deps;
  const { repository } = request;
  if (!namesRepository(policy, repository)) {
    const reason = `no mirror rule names the repository ${repository}`;
    observer.decided({ decision: "image-not-selected", repository, reason });
    return;
  }
  const { reference, cause } = request;
  let began = performance.now();
  let left = false;
  try {
    const orParents = cause !== "pushed";
    await mirror(deps.engine(invocation), { repository, reference, orParents }, async (outcome) => {
      tell(observer, { repository, ...reference }, outcome, Math.round(performance.now() - began));
      left ||= outcome.outcome === "continues";
      began = performance.now();
    });
  } catch (error) {
    if (error instanceof AutopilotError && error.permanent) {
      const { code, message: reason } = error;
      observer.decided({ decision: "image-refused", repository, ...reference, gate: "image", code, reason });
      return;
    }
    // What was under way when the time was over was cut: nothing is wrong with it.
    const { signal } = invocation;
    const delaySeconds = signal.aborted ? 0 : delayAfter(error, request);
    if (delaySeconds === undefined) throw error;
    if (signal.aborted || isThrottled(error)) {
      const reason = isThrottled(error) ? error.message : "the time of this invocation was over";
      observer.decided({ decision: "image-continues", repository, ...reference, delaySeconds, reason });
      return sendAgain(deps, request, delaySeconds);
    }
    observer.failed(error, { repository, ...reference, delaySeconds });
    return sendAgain(deps, { ...request, failures: request.failures + 1 }, delaySeconds);
  }
  if (left) await sendAgain(deps, request, 0);
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
  { repository, reference, rounds, failures }: MirrorRequest,
  delaySeconds: number,
): Promise<void> {
  if (rounds >= MOST_ROUNDS) {
    const reason = `${MOST_ROUNDS} invocations have worked on it, and it is not done`;
    observer.decided({ decision: "image-refused", repository, ...reference, gate: "invocations", reason });
    return;
  }
  await queue.send(mirrorRequested({ repository, ...reference, rounds: rounds + 1, failures }), { delaySeconds });
}

function tell(
  observer: Observer,
  asked: { readonly repository: string; readonly tag?: string; readonly digest?: string },
  { outcome, ...facts }: MirrorOutcome,
  durationMs: number,
): void {
  const conflicts = "conflicts" in facts && facts.conflicts.length > 0 ? facts.conflicts : undefined;
  const conflict = conflicts && { ...asked, ...facts, durationMs, reason: inWords(conflicts) };
  if (outcome !== "conflict") observer.decided({ decision: `image-${outcome}`, ...asked, ...facts, durationMs });
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
