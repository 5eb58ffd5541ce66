/** One entry of PutEvents: what EventBridge checks of it, and the event that it becomes. */
import { AwsError } from "../aws/call.ts";
import { type EventPlace, envelope } from "./envelope.ts";
import type { EventEnvelope } from "./event.ts";

export interface PutEventsEntry {
  readonly Time?: unknown;
  readonly Source?: string;
  readonly Resources?: readonly string[];
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
}

/** The default bus is the only one: AWS::Events::EventBus has no local form. */
export const DEFAULT_BUS = "default";

/**
 * The event. Errors (AwsError, told of this entry alone, in recorded words): InvalidArgument for a missing member,
 * NotAuthorizedForSourceException for a source of AWS's own, MalformedDetail for a detail that is no JSON object. The order of the checks is assumed.
 */
export function toEvent(entry: PutEventsEntry, place: EventPlace, now: Date): EventEnvelope {
  const source = required("Source", entry.Source);
  const detailType = required("DetailType", entry.DetailType);
  const text = required("Detail", entry.Detail);
  if (source.startsWith("aws.")) {
    throw new AwsError("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  return envelope(place, timeOf(entry.Time) ?? now, {
    source,
    "detail-type": detailType,
    resources: entry.Resources ?? [],
    detail: parseDetail(text),
  });
}

/**
 * Bytes that count towards the limit of a request.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html, "Calculating PutEvents event entry size"
 */
export function entryBytes({ Time, Source, DetailType, Detail, Resources = [] }: PutEventsEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ""), Time === undefined ? 0 : 14);
}

/** Name of the bus; it may be given as an ARN. */
export function busName({ EventBusName = DEFAULT_BUS }: PutEventsEntry): string {
  return EventBusName.replace(/^arn:[^:]*:events:[^:]*:\d{12}:event-bus\//, "");
}

function required(name: string, value: string | undefined): string {
  if (value !== undefined && value !== "") return value;
  throw new AwsError("InvalidArgument", `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
}

function parseDetail(text: string): Record<string, unknown> {
  let detail: unknown;
  try {
    detail = JSON.parse(text);
  } catch {
    detail = undefined;
  }
  if (typeof detail === "object" && detail !== null && !Array.isArray(detail)) return detail as Record<string, unknown>;
  throw new AwsError("MalformedDetail", "Detail is malformed.");
}

/** Epoch seconds, as AWS JSON writes times. */
function timeOf(value: unknown): Date | undefined {
  if (value === undefined) return undefined;
  const time = new Date(typeof value === "number" ? value * 1000 : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new AwsError("InvalidArgument", "Parameter Time is not valid.");
}
