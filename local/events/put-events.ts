/** PutEvents. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
import { type AccountContext, AwsError } from "../aws/call.ts";
import { any, list, string, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import type { EventPlace } from "./envelope.ts";
import type { EventEnvelope } from "./event.ts";
import { busName, DEFAULT_BUS, entryBytes, type PutEventsEntry, toEvent } from "./put-events-entry.ts";

/** Takes the event; `accessKeyId` tells whose call led to it, so that a chain of functions that wake each other is counted. */
export interface EventSink {
  publish(event: EventEnvelope, accessKeyId: string): void | Promise<void>;
}

interface Input {
  readonly Entries?: readonly PutEventsEntry[];
}

/** API reference and EventBridge quotas. */
const MOST_ENTRIES = 10;
const LARGEST_REQUEST = 256 * 1024;

/**
 * An entry that is refused fails alone, with its place in the answer; the others are published. Errors of the whole (ValidationException):
 * no entry or more than ten, 256 KB or more together.
 */
export function putEvents(bus: EventSink, place: EventPlace): Operation<Input> {
  return {
    name: "PutEvents",
    readOnly: false,
    input: structure({
      Entries: list(
        structure({
          Time: any(),
          Source: string(),
          Resources: list(string()),
          DetailType: string(),
          Detail: string(),
          EventBusName: string(),
          TraceHeader: string(),
        }),
      ),
      EndpointId: string(),
    }),
    resources: ({ Entries = [] }, account) => [...new Set(Entries.map((entry) => busArn(entry, account)))],
    conditions: ({ Entries = [] }) => ({
      ...condition("events:source", Entries, ({ Source }) => Source),
      ...condition("events:detail-type", Entries, ({ DetailType }) => DetailType),
    }),
    async run({ Entries }, { account, identity }) {
      const entries = checked(Entries);
      const results = entries.map((entry) => {
        try {
          const event = toEvent(entry, place, account.clock());
          // As recorded, EventBridge takes an event for a bus that is not there, and nobody gets it.
          if (busName(entry) === DEFAULT_BUS) void bus.publish(event, identity.accessKeyId);
          return { EventId: event.id };
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          return { ErrorCode: error.code, ErrorMessage: error.message };
        }
      });
      return { FailedEntryCount: results.filter((result) => "ErrorCode" in result).length, Entries: results };
    },
  };
}

/** Recorded words; the value that stands in them on AWS, all entries as text, is left out. */
function checked(entries: readonly PutEventsEntry[] | undefined): readonly PutEventsEntry[] {
  const refuse = (constraint: string) =>
    new AwsError(
      "ValidationException",
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: ${constraint}`,
    );
  if (entries === undefined) throw refuse("Member must not be null");
  if (entries.length === 0) throw refuse("Member must have length greater than or equal to 1");
  if (entries.length > MOST_ENTRIES) throw refuse(`Member must have length less than or equal to ${MOST_ENTRIES}`);
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (bytes >= LARGEST_REQUEST) {
    throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
  }
  return entries;
}

function busArn(entry: PutEventsEntry, { region, accountId }: AccountContext): string {
  if (entry.EventBusName?.startsWith("arn:")) return entry.EventBusName;
  return `arn:aws:events:${region}:${accountId}:event-bus/${busName(entry)}`;
}

/** One value when all entries have the same: EventBridge holds each entry against the policy, and here the call is held against it once. */
function condition(
  key: string,
  entries: readonly PutEventsEntry[],
  read: (entry: PutEventsEntry) => string | undefined,
): Record<string, string | string[]> {
  const values = [...new Set(entries.flatMap((entry) => read(entry) ?? []))];
  const [first] = values;
  if (first === undefined) return {};
  return { [key]: values.length === 1 ? first : values };
}
