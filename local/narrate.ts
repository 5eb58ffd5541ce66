import type { CallOutcome } from "./aws/call.ts";
import { countsInWords } from "./count-words.ts";
import type { EventEnvelope } from "./events/event.ts";
import type { TimelineEntry } from "./timeline.ts";

type Told = Omit<TimelineEntry, "sequence" | "time">;

/** Parameters of a call that the timeline keeps: names and settings, never manifests, policies or tokens. */
const KEPT_PARAMETERS = [
  "imageTag",
  "imageDigest",
  "imageTagMutability",
  "prefix",
  "layerDigest",
  "uploadId",
  "functionName",
];

/** Source of the events that the functions of this project put on the bus. */
const OWN_SOURCE = "ecr-autopilot";

/** One API call, as the timeline tells it; reads are left out unless they were denied. */
export function tellCall({ call, error, response }: CallOutcome): Told | undefined {
  if (call.readOnly && error?.code !== "AccessDenied") return undefined;
  const facts: Record<string, unknown> = { via: call.via, ...(error && { error: error.code }) };
  for (const name of KEPT_PARAMETERS) if (call.parameters[name] !== undefined) facts[name] = call.parameters[name];
  const image = (response?.image as { imageId?: { imageDigest?: string } } | undefined)?.imageId;
  if (image?.imageDigest !== undefined) facts.imageDigest = image.imageDigest;
  return {
    kind: "call",
    who: call.identity.arn,
    what: `${call.service}:${call.operation}`,
    repository: text(call.parameters.repositoryName),
    text: error?.message,
    facts,
  };
}

/** One event on the bus. */
export function tellEvent(event: EventEnvelope): Told {
  if (event.source === OWN_SOURCE) return tellOwnEvent(event);
  const { detail } = event;
  const parameters = (detail.requestParameters ?? {}) as Record<string, unknown>;
  const operation = text(detail.eventName);
  const action = text(detail["action-type"]);
  return {
    kind: "event",
    who: event.source,
    what: event["detail-type"],
    repository: text(detail["repository-name"]) ?? text(parameters.repositoryName),
    text: [event["detail-type"], action ?? operation, text(detail.errorCode)].filter(Boolean).join(" "),
    facts: { event, tag: detail["image-tag"], digest: detail["image-digest"] },
  };
}

/** An event of a decision: what the function had to say of it, or what a sweep has counted. */
function tellOwnEvent(event: EventEnvelope): Told {
  const { source, "detail-type": what, detail } = event;
  const reason = text(detail.reason) ?? countsInWords(detail);
  return {
    kind: "event",
    who: source,
    what,
    repository: text(detail.repository),
    text: reason === "" ? what : `${what}: ${reason}`,
    facts: { event, changedBy: detail.changedBy },
  };
}

/**
 * One line that a function wrote: a decision, a failure, or undefined for anything else (metrics, REPORT lines). A function's lines
 * are JSON with `decision` or `code` as its observer writes them.
 */
export function tellLogLine(functionName: string, line: string): Told | undefined {
  const record = parse(line);
  if (record === undefined) return undefined;
  const { decision, repository, message, level } = record;
  const isDecision = typeof decision === "string";
  if (!isDecision && level !== "ERROR") return undefined;
  return {
    kind: isDecision ? "decision" : "failure",
    who: functionName,
    what: isDecision ? decision : (text(record.code) ?? "error"),
    repository: text(repository),
    text: text(message),
    facts: record,
  };
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    // A function may print what it likes; only our observer's lines are JSON.
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
