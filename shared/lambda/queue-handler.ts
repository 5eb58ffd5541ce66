import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { isPermanent } from "../errors.ts";
import { type Envelope, parseEnvelope } from "../events/envelope.ts";
import type { LambdaObserver } from "../observability/powertools-observer.ts";
import { answerDirectCall, type DirectCalls } from "./direct-call.ts";
import { functionHandler, RESERVE_MS } from "./function-handler.ts";
import { recordError } from "./record-error.ts";

/** What the work of one message may use: it must end, one way or the other, soon after `signal` aborts. */
export interface Invocation {
  readonly signal: AbortSignal;
  /** Milliseconds until `signal` aborts. */
  readonly remainingMs: () => number;
}

export interface QueueHandlerOptions<Request, DirectRequest = never> {
  readonly observer: LambdaObserver;
  /** The request in an event; undefined for one that this function has nothing to do with. Errors: permanent for a malformed event. */
  readonly parse: (event: Envelope) => Request | undefined;
  /** Requests of one batch with the same key are done once: one push makes several identical events. */
  readonly key: (request: Request) => string;
  /** Errors: permanent ones are recorded and acknowledged, all others go back to the queue. */
  readonly handle: (request: Request, invocation: Invocation) => Promise<void>;
  /** Calls by hand; without it they are refused. */
  readonly direct?: DirectCalls<DirectRequest>;
  /** How long before the Lambda deadline the work is told to stop, so that the answer still gets out. */
  readonly reserveMs?: number;
}

/**
 * A Lambda handler for EventBridge events that come through SQS, with partial batch response: only the messages that
 * failed return to the queue. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * A message that cannot be read is recorded and acknowledged, and never harms the rest of its batch. An event that is no batch is a
 * call by hand, and its result is the function's answer.
 */
export function queueHandler<Request, DirectRequest = never>(options: QueueHandlerOptions<Request, DirectRequest>) {
  const { observer, direct, reserveMs = RESERVE_MS } = options;
  return functionHandler(observer, reserveMs, (event, invocation) =>
    isBatch(event)
      ? handleBatch(options, event.Records, invocation)
      : answerDirectCall(observer, direct, event, invocation),
  );
}

function isBatch(event: unknown): event is SQSEvent {
  return typeof event === "object" && event !== null && "Records" in event && Array.isArray(event.Records);
}

async function handleBatch<Request>(
  options: Omit<QueueHandlerOptions<Request>, "direct">,
  records: readonly SQSRecord[],
  invocation: Invocation,
): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse["batchItemFailures"] = [];
  const done = new Map<string, Promise<void>>();
  for (const record of records) {
    const { messageId } = record;
    try {
      await handleRecord(options, record, invocation, done);
    } catch (error) {
      recordError(options.observer, error, { messageId });
      if (!isPermanent(error)) batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

async function handleRecord<Request>(
  { observer, parse, key, handle }: Omit<QueueHandlerOptions<Request>, "direct">,
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
