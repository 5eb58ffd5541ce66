/** What SQS refuses, in its words: seen in public reports and SDK tests, or formed as they are. */
import { AwsError } from "../aws/call.ts";
import { messageBytes, type OutgoingMessage } from "./message.ts";

export function queueDoesNotExist(): AwsError {
  return new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
}

export function checkRange(name: string, value: number | undefined, [least, most]: readonly [number, number]): void {
  if (value === undefined || (value >= least && value <= most)) return;
  throw new AwsError(
    "InvalidParameterValue",
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
  );
}

/** Errors: an empty body, more than ten attributes, too many bytes, a delay outside 0 to 900 seconds. */
export function checkMessage(message: OutgoingMessage, largest: number): void {
  if (message.body === "") {
    throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.");
  }
  const attributes = Object.keys(message.messageAttributes ?? {}).length;
  if (attributes > 10) {
    throw new AwsError(
      "InvalidParameterValue",
      `Number of message attributes [${attributes}] exceeds the allowed maximum [10].`,
    );
  }
  if (messageBytes(message) > largest) {
    throw new AwsError(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${largest} bytes.`,
    );
  }
  checkRange("DelaySeconds", message.delaySeconds, [0, 900]);
}

/** The whole batch may have as many bytes as one message. */
const LARGEST_BATCH = 1_048_576;

/** Errors: no entry or more than ten, ids that are not valid or not distinct, too many bytes together. */
export function checkBatch(entries: readonly (OutgoingMessage & { readonly id: string })[]): void {
  if (entries.length === 0) {
    throw new AwsError(
      "EmptyBatchRequest",
      "There should be at least one SendMessageBatchRequestEntry in the request.",
    );
  }
  if (entries.length > 10) {
    const text = `Maximum number of entries per request are 10. You have sent ${entries.length}.`;
    throw new AwsError("TooManyEntriesInBatchRequest", text);
  }
  for (const [index, { id }] of entries.entries()) {
    if (!/^[\w-]{1,80}$/.test(id)) {
      throw new AwsError(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
      );
    }
    if (entries.findIndex((entry) => entry.id === id) < index) {
      throw new AwsError("BatchEntryIdsNotDistinct", `Id ${id} repeated.`);
    }
  }
  const bytes = entries.reduce((sum, entry) => sum + messageBytes(entry), 0);
  if (bytes > LARGEST_BATCH) {
    const text = `Batch requests cannot be longer than ${LARGEST_BATCH} bytes. You have sent ${bytes} bytes.`;
    throw new AwsError("BatchRequestTooLong", text);
  }
}
