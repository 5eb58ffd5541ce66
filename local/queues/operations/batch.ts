/** What the batch operations share. */
import { AwsError } from "../../aws/call.ts";
import { checkBatch } from "../checks.ts";
import type { BatchFailure } from "../queue.ts";
import { required } from "./queue-input.ts";

export interface BatchEntry {
  readonly Id?: string;
}

/**
 * The entries with their ids. `name`: of the entry's shape, as SQS says it. Errors: MissingParameter, EmptyBatchRequest,
 * TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct.
 */
export function checkedEntries<Entry extends BatchEntry>(
  name: string,
  entries: readonly Entry[] = [],
): (Entry & { readonly id: string })[] {
  if (entries.length === 0) {
    throw new AwsError("EmptyBatchRequest", `There should be at least one ${name} in the request.`);
  }
  // An empty id is there, and not valid.
  const named = entries.map((entry, index) => ({
    ...entry,
    id: entry.Id === "" ? "" : required(`${name}.${index + 1}.Id`, entry.Id),
  }));
  checkBatch(named.map(({ id }) => ({ id, body: "" })));
  return named;
}

/** An error of one entry; any other error is raised on. */
export function entryFailure(id: string, error: unknown): BatchFailure {
  if (!(error instanceof AwsError)) throw error;
  return { id, code: error.code, message: error.message, senderFault: true };
}

/** The answer to a batch. Lists without an entry are left out, as SQS leaves them out (aws-sdk-java-v2 #4759, elasticmq #953). */
export function batchAnswer(
  successful: readonly Record<string, unknown>[],
  failed: readonly BatchFailure[],
): Record<string, unknown> {
  return {
    ...(successful.length === 0 ? {} : { Successful: successful }),
    ...(failed.length === 0
      ? {}
      : {
          Failed: failed.map(({ id, code, message, senderFault }) => ({
            Id: id,
            Code: code,
            Message: message,
            SenderFault: senderFault,
          })),
        }),
  };
}
