/** What of a batch failed, by the answer of the function. */

/** As local/lambda gives it: the function's answer, or its error. */
export type FunctionResult =
  | { readonly payload: unknown }
  | { readonly error: { readonly errorType: string; readonly errorMessage: string } };

export interface BatchOutcome {
  /** Ids of the messages that go back to the queue. */
  readonly failed: readonly string[];
  /** Why, when it is not the function that named them. */
  readonly reason: string | undefined;
}

/**
 * A function error fails the whole batch. With ReportBatchItemFailures the answer names what failed: nothing, null or an empty list
 * is success; an empty, null, missing or unknown `itemIdentifier` fails the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html, "Success and failure conditions"; that an id which
 * is not in the batch fails it is assumed.
 */
export function batchOutcome(
  result: FunctionResult,
  messageIds: readonly string[],
  reportBatchItemFailures: boolean,
): BatchOutcome {
  const whole = (reason: string): BatchOutcome => ({ failed: messageIds, reason });
  if ("error" in result) return whole(`${result.error.errorType}: ${result.error.errorMessage}`);
  const { payload } = result;
  if (!reportBatchItemFailures || payload === null || payload === undefined) return { failed: [], reason: undefined };
  if (typeof payload !== "object") return whole("the answer is not an object with batchItemFailures");
  const items = "batchItemFailures" in payload ? payload.batchItemFailures : undefined;
  if (items === undefined || items === null) return { failed: [], reason: undefined };
  if (!Array.isArray(items)) return whole("batchItemFailures is not a list");

  const failed = new Set<string>();
  for (const item of items) {
    const id: unknown = typeof item === "object" && item !== null ? item.itemIdentifier : undefined;
    if (typeof id !== "string" || id === "") return whole("batchItemFailures has an item without an itemIdentifier");
    if (!messageIds.includes(id)) return whole(`batchItemFailures names '${id}', which is not in the batch`);
    failed.add(id);
  }
  return { failed: [...failed], reason: undefined };
}
