/** An event source mapping at work: takes messages from a queue and invokes a function with them, as Lambda's pollers do. */
import { setMaxListeners } from "node:events";
import { AwsError } from "../aws/call.ts";
import { chainOf } from "../events/chains.ts";
import type { Clock } from "../events/clock.ts";
import type { LocalEventSourceMapping } from "../template/local-template.ts";
import { batchOutcome, type FunctionResult } from "./batch-response.ts";
import type { ReceivedMessage } from "./message.ts";
import type { Queue } from "./queue.ts";
import { type SqsEvent, splitByPayload, toSqsEvent } from "./sqs-event.ts";

export interface BatchReport {
  readonly mapping: LocalEventSourceMapping;
  readonly messages: number;
  readonly failed: readonly string[];
  /** Why the whole batch failed; undefined when the function itself named what failed. */
  readonly reason: string | undefined;
}

export interface PollerOptions {
  readonly mapping: LocalEventSourceMapping;
  readonly queue: Queue;
  readonly clock: Clock;
  /** Runs the function. `traceHeader` is the one of the batch that the longest chain led to. A rejection counts as a function error. */
  readonly invoke: (event: SqsEvent, details: { readonly traceHeader?: string }) => Promise<FunctionResult>;
  readonly onBatch?: (report: BatchReport) => void;
  /**
   * For demonstrations (`--fast-retries`): what is left of the visibility timeout when a message has failed is multiplied by this. It does not
   * shorten the timeout while the function works, so that no message is worked on twice at once. Default 1: as on AWS.
   */
  readonly visibilityScale?: number;
}

export interface Poller {
  /** Takes no more messages; done when what is under way has ended. */
  close(): Promise<void>;
}

/** "Lambda reads up to five batches" at first (developer guide, "Scaling behavior for event source mappings"); here it stays so. */
const CONCURRENCY = 5;

/** Most that one ReceiveMessage gives. */
const LARGEST_RECEIVE = 10;

/** Starts at once; a disabled mapping takes nothing. */
export function createPoller(options: PollerOptions): Poller {
  const { mapping, queue, clock, invoke, onBatch = () => {}, visibilityScale = 1 } = options;
  const { signal, stop } = stoppable();

  async function work(): Promise<void> {
    while (!signal.aborted) {
      const { messages, receivedAt } = await gather();
      for (const part of splitByPayload(messages, mapping.queueArn)) await handle(part, receivedAt);
    }
  }

  /** A full batch, or what has come when the window is over. The visibility timeouts count from the first receive at the earliest. */
  async function gather(): Promise<{ messages: ReceivedMessage[]; receivedAt: number }> {
    const next = (missing: number, waitSeconds: number): Promise<ReceivedMessage[]> =>
      queue.receive({ maxMessages: Math.min(missing, LARGEST_RECEIVE), waitSeconds, signal });

    const messages = await next(mapping.batchSize, Number.POSITIVE_INFINITY);
    const receivedAt = now();
    const end = receivedAt + mapping.maximumBatchingWindowSeconds * 1000;
    while (messages.length < mapping.batchSize && now() < end && !signal.aborted) {
      messages.push(...(await next(mapping.batchSize - messages.length, (end - now()) / 1000)));
    }
    return { messages, receivedAt };
  }

  async function handle(messages: readonly ReceivedMessage[], receivedAt: number): Promise<void> {
    const ids = messages.map(({ messageId }) => messageId);
    const result = await run(messages);
    const { failed, reason } = batchOutcome(result, ids, mapping.reportBatchItemFailures);
    for (const message of messages) {
      if (failed.includes(message.messageId)) returnSooner(message, receivedAt);
      else queue.delete(message.receiptHandle);
    }
    onBatch({ mapping, messages: messages.length, failed, reason });
  }

  async function run(messages: readonly ReceivedMessage[]): Promise<FunctionResult> {
    const headers = messages.flatMap(({ attributes }) => attributes.AWSTraceHeader ?? []);
    const [traceHeader] = headers.sort((left, right) => chainOf(right) - chainOf(left));
    try {
      return await invoke(toSqsEvent(messages, mapping.queueArn), traceHeader === undefined ? {} : { traceHeader });
    } catch (error) {
      const told = error instanceof Error ? error : new Error(String(error));
      return { error: { errorType: told instanceof AwsError ? told.code : told.name, errorMessage: told.message } };
    }
  }

  /** On AWS a failed message waits for its visibility timeout; only a scale changes that. */
  function returnSooner(message: ReceivedMessage, receivedAt: number): void {
    if (visibilityScale === 1) return;
    const left = queue.definition.visibilityTimeoutSeconds - (now() - receivedAt) / 1000;
    if (left <= 0) return;
    try {
      queue.changeVisibility(message.receiptHandle, left * visibilityScale);
    } catch (error) {
      // Its timeout was over already, and it may be in other hands: nothing is left to shorten.
      if (!(error instanceof AwsError && error.code === "MessageNotInflight")) throw error;
    }
  }

  function now(): number {
    return clock.now().getTime();
  }

  const workers = mapping.enabled ? Array.from({ length: mapping.maximumConcurrency ?? CONCURRENCY }, work) : [];
  return {
    async close() {
      stop();
      await Promise.all(workers);
    },
  };
}

/** A signal that as many may wait on as there are workers. */
function stoppable(): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return { signal: controller.signal, stop: () => controller.abort() };
}
