import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { transient } from "../errors.ts";

export interface Queue {
  /** `delaySeconds`: 0 to 900, before which nobody receives the message. */
  send(body: string, options?: { delaySeconds?: number }): Promise<void>;
}

/**
 * One queue, by its URL. A message has 1 to 1,048,576 bytes of text.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 *
 * Errors: transient `message-not-sent`, whatever the reason: what was to be sent is work, and must not be acknowledged as done.
 */
export function createQueue(client: SQSClient, url: string): Queue {
  return {
    async send(body, { delaySeconds } = {}) {
      const delay = delaySeconds !== undefined && { DelaySeconds: delaySeconds };
      try {
        await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, ...delay }));
      } catch (cause) {
        const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
        throw transient("message-not-sent", `could not send a message to ${url}: ${reason}`, cause);
      }
    },
  };
}
