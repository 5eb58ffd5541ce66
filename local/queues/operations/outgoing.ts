/** A message as SendMessage and SendMessageBatch take it. */

import type { Identity } from "../../aws/call.ts";
import { any, integer, type Shape, string } from "../../aws/constraints.ts";
import { principalIdOf } from "../../events/principal-id.ts";
import type { OutgoingMessage } from "../message.ts";
import { md5OfAttributes, readAttributes, readTraceHeader } from "../message-attributes.ts";
import type { Sent } from "../queue.ts";

export interface MessageInput {
  readonly MessageBody?: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: unknown;
  readonly MessageSystemAttributes?: unknown;
}

/**
 * Trace header of what runs under these credentials, one step longer: the SDK in a function sends it with each call, and SQS keeps it with the
 * message unless the message brings one of its own. Undefined for anybody but a function.
 */
export type TraceOf = (accessKeyId: string) => string | undefined;

/** The message as the queue keeps it. */
export function traced(message: OutgoingMessage, sender: Identity, traceOf: TraceOf): OutgoingMessage {
  const traceHeader = message.traceHeader ?? traceOf(sender.accessKeyId);
  return traceHeader === undefined ? message : { ...message, traceHeader };
}

/** Maps are looked at by `readAttributes`. MessageGroupId is for FIFO queues, which have no local form, and for fair queues: taken and left out. */
export const messageMembers: Readonly<Record<string, Shape>> = {
  MessageBody: string(),
  DelaySeconds: integer(),
  MessageAttributes: any(),
  MessageSystemAttributes: any(),
};

/** Errors: InvalidParameterValue for attributes that SQS refuses. The rest is checked by the queue. */
export function outgoing(input: MessageInput, sender: Identity): OutgoingMessage {
  const traceHeader = readTraceHeader(input.MessageSystemAttributes);
  return {
    body: input.MessageBody ?? "",
    messageAttributes: readAttributes(input.MessageAttributes),
    senderId: principalIdOf(sender),
    ...(traceHeader === undefined ? {} : { traceHeader }),
    ...(input.DelaySeconds === undefined ? {} : { delaySeconds: input.DelaySeconds }),
  };
}

/** The digests by which the sender sees that all came over as it was sent. */
export function sentMembers({ messageId, md5OfBody }: Sent, message: OutgoingMessage): Record<string, unknown> {
  const attributes = md5OfAttributes(message.messageAttributes ?? {});
  const { traceHeader } = message;
  const system =
    traceHeader === undefined
      ? undefined
      : md5OfAttributes({ AWSTraceHeader: { DataType: "String", StringValue: traceHeader } });
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5OfBody,
    ...(attributes === undefined ? {} : { MD5OfMessageAttributes: attributes }),
    ...(system === undefined ? {} : { MD5OfMessageSystemAttributes: system }),
  };
}
