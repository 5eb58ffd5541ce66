import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { AutopilotError, transient } from "../errors.ts";
import { type DeadLetter, deadLetterOf } from "./dead-letter.ts";

/** A function's queue, and the one that keeps what the function gave up. */
export interface DeadLetterQueue {
  readonly function: string;
  readonly url: string;
  readonly sourceUrl: string;
}

/** Seconds for which a look hides a message, should it end before it has put it back. */
const HIDDEN_SECONDS = 20;
/** Messages of one call (API reference, ReceiveMessage). */
const PER_CALL = 10;

/**
 * At most `most` messages of a dead-letter queue, in no order. SQS has no way to look without taking: each is received, which hides it from
 * all others, and put back at once. The look counts as a receive, of which a dead-letter queue keeps no limit. Errors: transient `queue-failed`.
 */
export async function lookAtDeadLetters(sqs: SQSClient, queue: DeadLetterQueue, most: number): Promise<DeadLetter[]> {
  const taken: Message[] = [];
  try {
    while (taken.length < most) {
      const messages = await receive(sqs, queue, Math.min(PER_CALL, most - taken.length));
      if (messages.length === 0) break;
      taken.push(...messages);
    }
  } finally {
    await putBack(sqs, queue, taken);
  }
  return taken.map((message) => deadLetterOf(message, queue.function));
}

/** Messages that are looked through for one of them. */
const MOST_LOOKED_THROUGH = 1_000;

/**
 * Sends one message to the queue that it came from, and then deletes it, so that it may be there twice but is never lost. Undefined when
 * it is not among the first thousand, or somebody else holds it now. Errors: transient `queue-failed`.
 */
export async function replayDeadLetter(
  sqs: SQSClient,
  queue: DeadLetterQueue,
  id: string,
): Promise<DeadLetter | undefined> {
  const others: Message[] = [];
  try {
    while (others.length < MOST_LOOKED_THROUGH) {
      const messages = await receive(sqs, queue, PER_CALL);
      if (messages.length === 0) return undefined;
      const found = messages.find(({ MessageId }) => MessageId === id);
      others.push(...messages.filter((message) => message !== found));
      if (found === undefined) continue;
      const { Body: MessageBody = "", ReceiptHandle } = found;
      const { url, sourceUrl } = queue;
      await called("send the message again", () =>
        sqs.send(new SendMessageCommand({ QueueUrl: sourceUrl, MessageBody })),
      );
      await called("delete the message", () => sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle })));
      return deadLetterOf(found, queue.function);
    }
    return undefined;
  } finally {
    await putBack(sqs, queue, others);
  }
}

/**
 * Has SQS move all messages to the queue that they came from, at its own pace. It takes a name for that queue: those that a rule of
 * EventBridge gave up come from no queue, and would end the task (SQS developer guide, "DLQ redrive troubleshooting").
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 *
 * `running`: one task at a time works on a queue, and one does. Errors: transient `queue-failed`.
 */
export async function replayAll(sqs: SQSClient, { url, sourceUrl }: DeadLetterQueue): Promise<"started" | "running"> {
  const [{ QueueArn: SourceArn }, { QueueArn: DestinationArn }] = await Promise.all([
    attributesOf(sqs, url),
    attributesOf(sqs, sourceUrl),
  ]);
  try {
    const command = new StartMessageMoveTaskCommand({ SourceArn, DestinationArn });
    await called("start a move task", () => sqs.send(command));
    return "started";
  } catch (error) {
    // The API has no error of its own for it; this is its text.
    if (error instanceof AutopilotError && /already a task running/i.test(error.message)) return "running";
    throw error;
  }
}

/** About how many messages wait for the function, and how many it gave up. Errors: transient `queue-failed`. */
export async function countMessages(sqs: SQSClient, { url, sourceUrl }: DeadLetterQueue) {
  const [dead, waiting] = await Promise.all([attributesOf(sqs, url), attributesOf(sqs, sourceUrl)]);
  return {
    waiting: Number(waiting.ApproximateNumberOfMessages ?? 0),
    dead: Number(dead.ApproximateNumberOfMessages ?? 0),
  };
}

async function attributesOf(sqs: SQSClient, url: string): Promise<Partial<Record<QueueAttributeName, string>>> {
  const AttributeNames: QueueAttributeName[] = ["ApproximateNumberOfMessages", "QueueArn"];
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames });
  const { Attributes = {} } = await called("read the attributes of a queue", () => sqs.send(command));
  return Attributes;
}

/** Asks all servers of the queue, for which SQS wants a wait of a second at least. */
async function receive(sqs: SQSClient, { url }: DeadLetterQueue, most: number): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: most,
    VisibilityTimeout: HIDDEN_SECONDS,
    WaitTimeSeconds: 1,
    MessageSystemAttributeNames: ["SentTimestamp", "ApproximateReceiveCount"],
  });
  const { Messages = [] } = await called("receive messages", () => sqs.send(command));
  return Messages;
}

/** What cannot be put back comes back by itself, when the time is over. */
async function putBack(sqs: SQSClient, { url }: DeadLetterQueue, messages: readonly Message[]): Promise<void> {
  const commands = messages.map(
    ({ ReceiptHandle }) => new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 }),
  );
  await Promise.allSettled(commands.map((command) => sqs.send(command)));
}

async function called<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw transient("queue-failed", `could not ${action}: ${reason}`, cause);
  }
}
