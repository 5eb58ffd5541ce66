/**
 * One standard queue with the semantics of SQS: at-least-once delivery, visibility, receive count, redrive.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
import { randomBytes, randomUUID } from "node:crypto";
import { AwsError } from "../aws/call.ts";
import type { Clock } from "../events/clock.ts";
import type { LocalQueue } from "../template/local-template.ts";
import { queueAttributes } from "./attributes.ts";
import { checkBatch, checkMessage, checkRange } from "./checks.ts";
import { asReceived, md5, type ReceivedMessage, type StoredMessage, withoutInvalidCharacters } from "./message.ts";
import type { BatchFailure, Queue, QueueCounts } from "./queue.ts";

export interface QueueDependencies {
  readonly clock: Clock;
  /** The queue that `definition.redrive` names. */
  readonly deadLetters: () => Queue | undefined;
  readonly onChange: (counts: QueueCounts) => void;
}

interface Waiter {
  readonly max: number;
  readonly visibilityMs: number;
  readonly end: (messages: ReceivedMessage[]) => void;
}

/** SenderId of EventBridge's messages is an id of its own; callers of the API are told by the wire. */
const SENDER = "AIDALOCALACCOUNT00000";

export function createQueue(definition: LocalQueue, { clock, deadLetters, onChange }: QueueDependencies): Queue {
  const messages = new Map<string, StoredMessage>();
  const timers = new Map<string, () => void>();
  const waiters = new Set<Waiter>();
  const createdAt = clock.now();
  const now = (): number => clock.now().getTime();

  function put(message: StoredMessage): void {
    messages.set(message.id, message);
    showAt(message, message.visibleAt);
  }

  function remove(message: StoredMessage): void {
    messages.delete(message.id);
    timers.get(message.id)?.();
    timers.delete(message.id);
  }

  /** Makes the message visible at that time, at once if it has passed. */
  function showAt(message: StoredMessage, time: number): void {
    timers.get(message.id)?.();
    timers.delete(message.id);
    message.visibleAt = time;
    if (time > now()) timers.set(message.id, clock.after(time - now(), changed));
    changed();
  }

  /** Serves who waits, then tells the counts. */
  function changed(): void {
    for (const waiter of waiters) {
      const taken = take(waiter.max, waiter.visibilityMs);
      if (taken.length > 0) waiter.end(taken);
    }
    onChange(counts());
  }

  function take(max: number, visibilityMs: number): ReceivedMessage[] {
    const taken: ReceivedMessage[] = [];
    const most = definition.redrive?.maxReceiveCount ?? Number.POSITIVE_INFINITY;
    for (const message of visible()) {
      if (taken.length >= max) break;
      if (message.receiveCount >= most) giveUp(message);
      else {
        message.receiveCount += 1;
        message.firstReceivedAt ??= now();
        message.visibleAt = now() + visibilityMs;
        message.receiptHandle = `${message.id}.${randomBytes(24).toString("base64url")}`;
        if (visibilityMs > 0) timers.set(message.id, clock.after(visibilityMs, changed));
        taken.push(asReceived(message, message.receiptHandle));
      }
    }
    return taken;
  }

  /** The sending time stays, so that retention goes on counting (SQS developer guide, "Dead-letter queues and message retention"). */
  function giveUp(message: StoredMessage): void {
    remove(message);
    deadLetters()?.accept({ ...message, deadLetterSource: definition.arn, receiptHandle: undefined, visibleAt: now() });
  }

  /** In the order in which they came; what is past its retention is gone. */
  function visible(): StoredMessage[] {
    const oldest = now() - definition.retentionSeconds * 1000;
    const found: StoredMessage[] = [];
    for (const message of messages.values()) {
      if (message.sentAt <= oldest) remove(message);
      else if (message.visibleAt <= now()) found.push(message);
    }
    return found;
  }

  function counts(): QueueCounts {
    const shown = visible().length;
    const hidden = [...messages.values()].filter(({ visibleAt }) => visibleAt > now());
    const inFlight = hidden.filter(({ receiptHandle }) => receiptHandle !== undefined).length;
    return { visible: shown, inFlight, delayed: hidden.length - inFlight };
  }

  /** The message that this handle holds; undefined when it is gone or was received again. */
  function held(receiptHandle: string): StoredMessage | undefined {
    const [, id] = /^([0-9a-f-]{36})\.[\w-]{32}$/.exec(receiptHandle) ?? [];
    if (id === undefined) {
      throw new AwsError(
        "ReceiptHandleIsInvalid",
        `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
        {
          status: 404,
        },
      );
    }
    const message = messages.get(id);
    return message?.receiptHandle === receiptHandle ? message : undefined;
  }

  const queue: Queue = {
    definition,
    counts,
    countWithin(ms) {
      const isLater = ({ receiptHandle, visibleAt }: StoredMessage) =>
        receiptHandle === undefined && visibleAt > now() + ms;
      visible();
      return [...messages.values()].filter((message) => !isLater(message)).length;
    },
    accept: put,
    attributes: () => queueAttributes(definition, counts(), createdAt),
    send(message) {
      checkMessage(message, definition.maximumMessageBytes);
      const body = withoutInvalidCharacters(message.body);
      const id = randomUUID();
      put({
        id,
        body,
        messageAttributes: message.messageAttributes ?? {},
        traceHeader: message.traceHeader,
        senderId: message.senderId ?? SENDER,
        sentAt: now(),
        deadLetterSource: undefined,
        receiveCount: 0,
        firstReceivedAt: undefined,
        visibleAt: now() + (message.delaySeconds ?? definition.delaySeconds) * 1000,
        receiptHandle: undefined,
      });
      return { messageId: id, md5OfBody: md5(body) };
    },
    sendBatch(entries) {
      checkBatch(entries);
      const failed: BatchFailure[] = [];
      const successful = entries.flatMap((entry) => {
        try {
          return [{ id: entry.id, ...queue.send(entry) }];
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          failed.push({ id: entry.id, code: error.code, message: error.message, senderFault: true });
          return [];
        }
      });
      return { successful, failed };
    },
    receive(options = {}) {
      const { maxMessages = 1, waitSeconds = definition.receiveWaitSeconds, signal } = options;
      const { visibilityTimeoutSeconds = definition.visibilityTimeoutSeconds } = options;
      checkRange("MaxNumberOfMessages", maxMessages, [1, 10]);
      checkRange("VisibilityTimeout", visibilityTimeoutSeconds, [0, 43_200]);
      const visibilityMs = visibilityTimeoutSeconds * 1000;
      if (signal?.aborted) return Promise.resolve([]);
      const before = messages.size;
      const taken = take(maxMessages, visibilityMs);
      if (taken.length > 0 || messages.size !== before) onChange(counts());
      if (taken.length > 0 || waitSeconds <= 0) return Promise.resolve(taken);
      return new Promise((resolve) => {
        const over = (): void => waiter.end([]);
        const callOff = waitSeconds === Number.POSITIVE_INFINITY ? () => {} : clock.after(waitSeconds * 1000, over);
        const waiter: Waiter = {
          max: maxMessages,
          visibilityMs,
          end(found) {
            waiters.delete(waiter);
            callOff();
            signal?.removeEventListener("abort", over);
            resolve(found);
          },
        };
        waiters.add(waiter);
        signal?.addEventListener("abort", over, { once: true });
      });
    },
    delete(receiptHandle) {
      const message = held(receiptHandle);
      if (message === undefined) return;
      remove(message);
      changed();
    },
    changeVisibility(receiptHandle, seconds) {
      checkRange("VisibilityTimeout", seconds, [0, 43_200]);
      const message = held(receiptHandle);
      if (message === undefined || message.visibleAt <= now()) {
        throw new AwsError("MessageNotInflight", "The specified message is not in flight.");
      }
      showAt(message, now() + seconds * 1000);
    },
    purge() {
      for (const message of [...messages.values()]) remove(message);
      changed();
    },
    takeVisible() {
      const taken = visible();
      for (const message of taken) remove(message);
      if (taken.length > 0) changed();
      return taken;
    },
    close() {
      for (const waiter of waiters) waiter.end([]);
      for (const callOff of timers.values()) callOff();
      timers.clear();
    },
  };
  return queue;
}
