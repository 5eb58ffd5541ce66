import { expect, onTestFinished, vi } from "vitest";
import type { FunctionResult } from "../../../../local/queues/batch-response.ts";
import type { OutgoingMessage } from "../../../../local/queues/message.ts";
import { type BatchReport, createPoller, type PollerOptions } from "../../../../local/queues/poller.ts";
import type { SqsEvent } from "../../../../local/queues/sqs-event.ts";
import type { LocalEventSourceMapping, LocalQueue } from "../../../../local/template/local-template.ts";
import { setUp as setUpQueues } from "./set-up.ts";

/** An invocation that waits for the test to end it. */
export interface Invocation {
  readonly bodies: string[];
  readonly ids: string[];
  readonly event: SqsEvent;
  readonly details: { readonly traceHeader?: string };
  readonly answer: (result: FunctionResult) => void;
  readonly reject: (error: Error) => void;
}

interface Given {
  readonly mapping?: Partial<LocalEventSourceMapping>;
  readonly options?: Partial<PollerOptions>;
  readonly queue?: Partial<LocalQueue>;
  /** Sent before the poller starts, so that they come in one batch. */
  readonly messages?: readonly OutgoingMessage[];
}

/** A poller whose invocations stay open until the test answers them. */
export function setUpPoller({ mapping = {}, options = {}, queue = {}, messages = [] }: Given = {}) {
  const account = setUpQueues(queue);
  const invocations: Invocation[] = [];
  const reports: BatchReport[] = [];
  let isOver = false;
  for (const message of messages) account.jobs.send(message);
  const poller = createPoller({
    queue: account.jobs,
    clock: account.clock,
    mapping: {
      logicalId: "Mapping",
      functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:work",
      queueArn: account.jobs.definition.arn,
      enabled: true,
      batchSize: 10,
      maximumBatchingWindowSeconds: 0,
      reportBatchItemFailures: true,
      maximumConcurrency: 2,
      ...mapping,
    },
    invoke: (event, details) =>
      new Promise((answer, reject) => {
        if (isOver) return answer(done);
        const bodies = event.Records.map(({ body }) => body);
        invocations.push({
          bodies,
          ids: event.Records.map(({ messageId }) => messageId),
          event,
          details,
          answer,
          reject,
        });
      }),
    onBatch: (report) => reports.push(report),
    ...options,
  });
  onTestFinished(async () => {
    isOver = true;
    const closed = poller.close();
    for (const { answer } of invocations) answer(done);
    await closed;
  });
  const invocation = (index: number): Promise<Invocation> =>
    vi.waitFor(
      () => {
        const found = invocations[index];
        if (found === undefined) throw new Error(`there is no invocation ${index}`);
        return found;
      },
      { interval: 1 },
    );
  const reported = (count: number) => vi.waitFor(() => expect(reports).toHaveLength(count), { interval: 1 });
  return { ...account, poller, invocations, invocation, reports, reported };
}

export const done: FunctionResult = { payload: { batchItemFailures: [] } };
export const empty = { visible: 0, inFlight: 0, delayed: 0 };
export const several = (...texts: string[]): OutgoingMessage[] => texts.map((body) => ({ body }));
