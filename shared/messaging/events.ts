import { setTimeout as pause } from "node:timers/promises";
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { transient } from "../errors.ts";

/** An event of this project, for whoever writes rules on it. */
export interface OwnEvent {
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly time: Date;
}

export interface EventBus {
  /** Gives up, with an error, once `signal` aborts. */
  publish(events: readonly OwnEvent[], signal?: AbortSignal): Promise<void>;
}

const SOURCE = "ecr-autopilot";

/** Entries of one call. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MOST_ENTRIES = 10;

/**
 * All entries of one call together must be smaller than this, by the user guide
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html). AWS has announced 1 MB since
 * (https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb); the smaller one holds everywhere.
 */
const LARGEST_CALL = 256 * 1024;

/** Sends of one entry that an answer tells as failed; the SDK repeats only calls that failed as a whole. */
const ROUNDS = 3;
const PAUSE_MS = 100;

interface Entry extends PutEventsRequestEntry {
  readonly DetailType: string;
  readonly Detail: string;
}

interface Failure {
  readonly detailType: string;
  readonly reason: string;
  readonly cause?: unknown;
}

/**
 * The default event bus, on which this project's events have the source `ecr-autopilot`. Every event is tried, whatever becomes of the
 * others. Errors: transient `events-not-published`, with the number of events that EventBridge did not take and the first reason.
 */
export function createEventBus(client: EventBridgeClient): EventBus {
  return {
    async publish(events, signal) {
      const failures: Failure[] = [];
      for (const entries of inCalls(events.map(toEntry))) failures.push(...(await send(client, entries, signal)));
      const [first] = failures;
      if (first === undefined) return;
      throw transient(
        "events-not-published",
        `${failures.length} of ${events.length} events were not published; the first, '${first.detailType}': ${first.reason}`,
        first.cause,
      );
    },
  };
}

function toEntry({ detailType, detail, time }: OwnEvent): Entry {
  return { Source: SOURCE, DetailType: detailType, Detail: JSON.stringify(detail), Time: time };
}

/** Parts of `entries` that fit into one call, in order. An entry that is too large on its own is a call of its own, and fails alone. */
function inCalls(entries: readonly Entry[]): Entry[][] {
  const calls: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = calls.at(-1);
    bytes += sizeOf(entry);
    if (last !== undefined && last.length < MOST_ENTRIES && bytes < LARGEST_CALL) last.push(entry);
    else {
      calls.push([entry]);
      bytes = sizeOf(entry);
    }
  }
  return calls;
}

/** As EventBridge counts (eb-putevent-size, see above): 14 bytes for the time, and the UTF-8 bytes of the texts. */
function sizeOf({ DetailType, Detail }: Entry): number {
  return 14 + SOURCE.length + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
}

/** What was not taken, in the end, of the entries of one call. */
async function send(
  client: EventBridgeClient,
  entries: readonly Entry[],
  signal: AbortSignal | undefined,
): Promise<Failure[]> {
  let waiting = entries;
  try {
    for (let round = 1; ; round += 1) {
      const command = new PutEventsCommand({ Entries: [...waiting] });
      const { Entries: results = [] } = await client.send(command, signal && { abortSignal: signal });
      // The answer has a result for each entry, in the order of the request.
      const failures = waiting.flatMap((entry, index) => {
        const result = results[index];
        if (result?.EventId !== undefined) return [];
        const reason = `${result?.ErrorCode ?? "no answer"}: ${result?.ErrorMessage ?? "no reason given"}`;
        return [{ entry, detailType: entry.DetailType, reason }];
      });
      if (failures.length === 0 || round === ROUNDS) return failures;
      waiting = failures.map(({ entry }) => entry);
      await pause(PAUSE_MS * round, undefined, signal && { signal });
    }
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return waiting.map(({ DetailType }) => ({ detailType: DetailType, reason, cause }));
  }
}
