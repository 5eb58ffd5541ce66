import middy from "@middy/core";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { isPermanent } from "../errors.ts";
import { type Envelope, parseEnvelope } from "../events/envelope.ts";
import type { LambdaObserver } from "../observability/powertools-observer.ts";

/** What the work of one message may use: it must end, one way or the other, soon after `signal` aborts. */
export interface Invocation {
  readonly signal: AbortSignal;
  /** Milliseconds until `signal` aborts. */
  readonly remainingMs: () => number;
}

export interface QueueHandlerOptions<Request> {
  readonly observer: LambdaObserver;
  /** The request in an event; undefined for one that this function has nothing to do with. Errors: permanent for a malformed event. */
  readonly parse: (event: Envelope) => Request | undefined;
  /** Requests of one batch with the same key are done once: one push makes several identical events. */
  readonly key: (request: Request) => string;
  /** Errors: permanent ones are recorded and acknowledged, all others go back to the queue. */
  readonly handle: (request: Request, invocation: Invocation) => Promise<void>;
  /** How long before the Lambda deadline the work is told to stop, so that the answer still gets out. */
  readonly reserveMs?: number;
}

/**
 * A Lambda handler for EventBridge events that come through SQS, with partial batch response: only the messages that
 * failed return to the queue. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * A message that cannot be read is recorded and acknowledged, and never harms the rest of its batch.
 */
export function queueHandler<Request>(options: QueueHandlerOptions<Request>) {
  const { observer, reserveMs = 2_000 } = options;
  // One invocation at a time runs in a container, so the answer being worked out is the one that a deadline waits for.
  let answer: Promise<SQSBatchResponse> = Promise.resolve({ batchItemFailures: [] });

  return middy<SQSEvent, SQSBatchResponse, Error, Context>(
    (event: SQSEvent, context: Context, { signal }: { signal: AbortSignal }) => {
      const invocation = { signal, remainingMs: () => context.getRemainingTimeInMillis() - reserveMs };
      answer = handleBatch(options, event.Records, invocation);
      return answer;
    },
    {
      timeoutEarlyInMillis: reserveMs,
      // middy has aborted `signal` by now: every message still under way fails with that and is reported as such.
      timeoutEarlyResponse: () => answer,
    },
  ).use({
    before: ({ context }) => observer.begin(context),
    after: () => observer.end(),
    onError: () => observer.end(),
  });
}

async function handleBatch<Request>(
  options: QueueHandlerOptions<Request>,
  records: readonly SQSRecord[],
  invocation: Invocation,
): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse["batchItemFailures"] = [];
  const done = new Map<string, Promise<void>>();
  for (const record of records) {
    try {
      await handleRecord(options, record, invocation, done);
    } catch (error) {
      if (isPermanent(error)) {
        options.observer.decided({ decision: "event-refused", messageId: record.messageId, ...reasonOf(error) });
      } else {
        options.observer.failed(error, { messageId: record.messageId });
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
  }
  return { batchItemFailures };
}

async function handleRecord<Request>(
  { observer, parse, key, handle }: QueueHandlerOptions<Request>,
  record: SQSRecord,
  invocation: Invocation,
  done: Map<string, Promise<void>>,
): Promise<void> {
  invocation.signal.throwIfAborted();
  const event = parseEnvelope(record.body);
  const request = parse(event);
  if (request === undefined) {
    observer.decided({
      decision: "event-ignored",
      messageId: record.messageId,
      reason: `this function does not act on '${event["detail-type"]}' of this kind from '${event.source}'`,
    });
    return;
  }
  const once = key(request);
  const work = done.get(once) ?? handle(request, invocation);
  done.set(once, work);
  await work;
}

function reasonOf(error: unknown): { reason: string; code?: string } {
  if (!(error instanceof Error)) return { reason: String(error) };
  return { reason: error.message, ...("code" in error && { code: String(error.code) }) };
}
