/**
 * How SQS spells its errors in AWS JSON: the name of the shape in `__type`, and the older name of the query protocol in
 * x-amzn-query-error, by which @aws-sdk/client-sqs and the aws command line know it (SQS developer guide, "Making Query API requests",
 * error response). Pairs marked [seen] are in recordings of the service; the others follow its API model.
 */
import { AwsError } from "../aws/call.ts";

interface Spelling {
  /** `__type` without its namespace. */
  readonly type: string;
  readonly query: string;
  readonly status?: number;
  /** Errors of the framework that AWS services share, not of SQS's own model. */
  readonly shared?: true;
}

const legacy = (code: string, status?: number): Spelling => ({
  type: code,
  query: `AWS.SimpleQueueService.${code}`,
  ...(status === undefined ? {} : { status }),
});
const same = (code: string, status?: number): Spelling => ({
  type: code,
  query: code,
  ...(status === undefined ? {} : { status }),
});

const spellings: Readonly<Record<string, Spelling>> = {
  // [seen]
  QueueDoesNotExist: { type: "QueueDoesNotExist", query: "AWS.SimpleQueueService.NonExistentQueue" },
  // [seen]
  PurgeQueueInProgress: legacy("PurgeQueueInProgress", 403),
  // [seen]
  TooManyEntriesInBatchRequest: legacy("TooManyEntriesInBatchRequest"),
  EmptyBatchRequest: legacy("EmptyBatchRequest"),
  BatchEntryIdsNotDistinct: legacy("BatchEntryIdsNotDistinct"),
  // [seen]
  BatchRequestTooLong: legacy("BatchRequestTooLong"),
  // [seen]
  InvalidBatchEntryId: legacy("InvalidBatchEntryId"),
  MessageNotInflight: legacy("MessageNotInflight"),
  ReceiptHandleIsInvalid: same("ReceiptHandleIsInvalid", 404),
  // [seen]
  InvalidAttributeName: same("InvalidAttributeName"),
  InvalidAddress: same("InvalidAddress", 404),
  // [seen]
  ResourceNotFoundException: same("ResourceNotFoundException", 404),
  // [seen]
  InvalidParameterValue: { type: "InvalidParameterValueException", query: "InvalidParameterValue", shared: true },
  // [seen]
  MissingParameter: { type: "MissingRequiredParameterException", query: "MissingParameter", shared: true },
  AccessDeniedException: { type: "AccessDeniedException", query: "AccessDenied", status: 403, shared: true },
  // The name that SQS's model has for it.
  ThrottlingException: same("RequestThrottled"),
};

/** For `Service.tell`. An error that SQS has no other name for stays as it is. */
export function tellSqsError(error: AwsError): { error: AwsError; headers: Record<string, string> } {
  const spelling = Object.hasOwn(spellings, error.code) ? spellings[error.code] : undefined;
  if (spelling === undefined) return { error, headers: {} };
  const { type, query, status = error.status, shared } = spelling;
  const namespace = shared ? "com.amazon.coral.service" : "com.amazonaws.sqs";
  const told = new AwsError(`${namespace}#${type}`, wordsOf(error), { status, fields: error.fields });
  return { error: told, headers: { "x-amzn-query-error": `${query};Sender` } };
}

/** SQS writes the action in lower case where it refuses one (seen in public reports). */
function wordsOf({ code, message }: AwsError): string {
  if (code !== "AccessDeniedException") return message;
  return message.replace(/(?<=perform: |allows the )sqs:\w+/g, (action) => action.toLowerCase());
}
