/** "AWS API Call via CloudTrail": how a rule learns of an API call. */
import { randomUUID } from "node:crypto";
import type { Call, CallOutcome } from "../aws/call.ts";
import { type EventPlace, envelope, rfc3339 } from "./envelope.ts";
import type { EventEnvelope } from "./event.ts";
import { trailIdentity } from "./trail-identity.ts";

/** Larger records are not delivered (EventBridge user guide, "Events from AWS services via CloudTrail"). */
const LARGEST_RECORD = 256 * 1024;

/** Data events: a trail does not record them unless told to (developer guides of SQS, EventBridge and Lambda, "Logging API calls with CloudTrail"). */
const DATA_EVENTS = new Set([
  "sqs:ChangeMessageVisibility",
  "sqs:ChangeMessageVisibilityBatch",
  "sqs:DeleteMessage",
  "sqs:DeleteMessageBatch",
  "sqs:ReceiveMessage",
  "sqs:SendMessage",
  "sqs:SendMessageBatch",
  "events:PutEvents",
  "lambda:Invoke",
]);

/** Members that hold credentials, wherever they stand. */
const SECRET = /^(authorizationToken|secretAccessKey|sessionToken|password|downloadUrl)$/i;

/**
 * The event that a call leads to, failed calls included, shaped as AWS's samples of ECR records; undefined for a call that is not delivered: a
 * read-only one named Describe*, Get* or List* (unless `readOnly`, for rules in state
 * ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS), a data event, or a record above 256 KB.
 * BatchGetImage and BatchCheckLayerAvailability have other names and are delivered, as on AWS.
 *
 * No blobs and no credentials are in it. ECR Public records in us-east-1 only; its source `aws.ecr-public` is assumed, not documented.
 */
export function toCloudTrailEvent(
  { call, time, response, error }: CallOutcome,
  account: EventPlace,
  options: { readOnly?: boolean } = {},
): EventEnvelope | undefined {
  if (DATA_EVENTS.has(`${call.service}:${call.operation}`)) return undefined;
  if (isReadOnlyName(call.operation) && options.readOnly !== true) return undefined;
  const region = call.service === "ecr-public" ? "us-east-1" : call.region;
  const event = envelope({ accountId: account.accountId, region }, time, {
    source: `aws.${call.service}`,
    "detail-type": "AWS API Call via CloudTrail",
    detail: {
      eventVersion: "1.11",
      userIdentity: trailIdentity(call, time),
      eventTime: rfc3339(time),
      eventSource: `${call.service}.amazonaws.com`,
      eventName: call.operation,
      awsRegion: region,
      ...callerOf(call),
      ...(error === undefined ? {} : { errorCode: errorCode(error.code), errorMessage: error.message }),
      requestParameters: members(call.parameters),
      // Read-only calls have none, as AWS's BatchGetImage sample shows.
      responseElements: error !== undefined || call.readOnly ? null : members(response),
      requestID: call.requestId,
      eventID: randomUUID(),
      readOnly: call.readOnly,
      ...resourcesOf(call, account),
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: account.accountId,
      eventCategory: "Management",
    },
  });
  return Buffer.byteLength(JSON.stringify(event)) > LARGEST_RECORD ? undefined : event;
}

/** Read-only management events, by the names that EventBridge goes by. */
export function isReadOnlyName(operation: string): boolean {
  return /^(Describe|Get|List)/.test(operation);
}

/** CloudTrail's word for it (seen in public reports). */
function errorCode(code: string): string {
  return code === "AccessDeniedException" ? "AccessDenied" : code;
}

/** A call through the registry endpoint shows ECR as its caller, and so does what the service does on its own. */
function callerOf({ via, identity, sourceIp, userAgent }: Call): { sourceIPAddress: string; userAgent: string } {
  if (identity.type === "service") return { sourceIPAddress: identity.service, userAgent: identity.service };
  if (via === "registry") return { sourceIPAddress: "ecr.amazonaws.com", userAgent: "ecr.amazonaws.com" };
  return { sourceIPAddress: sourceIp, userAgent };
}

function resourcesOf({ resources }: Call, account: EventPlace): { resources?: { accountId: string; ARN: string }[] } {
  const arns = resources.filter((arn) => arn.startsWith("arn:"));
  if (arns.length === 0) return {};
  return { resources: arns.map((ARN) => ({ accountId: ARN.split(":")[4] || account.accountId, ARN })) };
}

/** Null instead of an object without members. */
function members(value: Record<string, unknown> | null): unknown {
  return value === null || Object.keys(value).length === 0 ? null : shown(value);
}

/** The value as the record shows it: dates as text, without blobs and credentials. */
function shown(value: unknown): unknown {
  if (value instanceof Date) return textDate(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([name, member]) =>
          member !== undefined && !(member instanceof Uint8Array) && !SECRET.test(name) && !isBlobName(name),
      )
      .map(([name, member]) => [name, shown(member)]),
  );
}

/** layerPartBlob and logoImageBlob, which arrive in base64 (API model). */
function isBlobName(name: string): boolean {
  return name.endsWith("Blob");
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `Nov 27, 2020, 9:51:29 PM`, UTC, as in ECR Public's sample; the older ECR sample has no comma after the year. */
function textDate(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  const hours = date.getUTCHours();
  const clock = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${hours < 12 ? "AM" : "PM"}`;
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}, ${clock}`;
}
