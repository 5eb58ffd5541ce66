/** What a queue of the local account can do; create-queue.ts does it. */
import type { LocalQueue } from "../template/local-template.ts";
import type { OutgoingMessage, ReceivedMessage, StoredMessage } from "./message.ts";

export interface ReceiveOptions {
  /** 1 to 10; default 1. */
  readonly maxMessages?: number;
  /** Default: the queue's own. */
  readonly visibilityTimeoutSeconds?: number;
  /** How long to wait for a first message; default: the queue's own. In this process it may be Infinity. */
  readonly waitSeconds?: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

export interface Sent {
  readonly messageId: string;
  readonly md5OfBody: string;
}

export interface BatchFailure {
  readonly id: string;
  readonly code: string;
  readonly message: string;
  readonly senderFault: boolean;
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface Queue {
  readonly definition: LocalQueue;
  /** Errors: MissingParameter, InvalidParameterValue. */
  send(message: OutgoingMessage): Sent;
  /** Errors of the whole: EmptyBatchRequest, TooManyEntriesInBatchRequest, BatchEntryIdsNotDistinct, BatchRequestTooLong; those of an entry are in `failed`. */
  sendBatch(entries: readonly (OutgoingMessage & { readonly id: string })[]): {
    successful: (Sent & { readonly id: string })[];
    failed: BatchFailure[];
  };
  /** At most ten messages; none when the wait is over. A message that was received too often goes to the dead-letter queue instead. */
  receive(options?: ReceiveOptions): Promise<ReceivedMessage[]>;
  /** A handle of an earlier receive deletes nothing, as SQS warns. Error: ReceiptHandleIsInvalid for what was never a handle. */
  delete(receiptHandle: string): void;
  /** Errors: MessageNotInflight, ReceiptHandleIsInvalid, InvalidParameterValue. */
  changeVisibility(receiptHandle: string, seconds: number): void;
  counts(): QueueCounts;
  /** Messages that somebody works on or could receive within so many milliseconds: all but those that are delayed for longer. */
  countWithin(ms: number): number;
  /** As GetQueueAttributes gives them. */
  attributes(): Record<string, string>;
  /** Takes in a message as it is: from a queue that gave it up. */
  accept(message: StoredMessage): void;
  /** Takes out all messages that are visible now. */
  takeVisible(): StoredMessage[];
  /** Deletes all messages, those in flight and delayed ones too. */
  purge(): void;
  /** Ends all waits. Messages are gone with the process. */
  close(): void;
}
