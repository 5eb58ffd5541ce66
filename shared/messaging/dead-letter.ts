import type { Message } from "@aws-sdk/client-sqs";

/** What is told of a message that was given up: never the whole of it, which may hold what a caller sent. */
export interface DeadLetter {
  /** SQS's; another one after a replay. */
  readonly id: string;
  /** Which gave it up. */
  readonly function: string;
  /** `detail-type` of the event; undefined for what is no event. */
  readonly kind: string | undefined;
  readonly repository: string | undefined;
  /** When it was sent to the function's queue, ISO 8601. */
  readonly sentAt: string | undefined;
  /** How often it was received; looks count, too. */
  readonly receives: number;
}

/** Longest text that is shown of an event, in UTF-16 units. */
const LONGEST = 300;

export function deadLetterOf({ MessageId = "", Body = "", Attributes = {} }: Message, name: string): DeadLetter {
  const event = parsed(Body);
  const detail = objectIn(event, "detail");
  const sent = Number(Attributes.SentTimestamp);
  return {
    id: MessageId,
    function: name,
    kind: textIn(event, "detail-type"),
    repository:
      textIn(detail, "repository-name") ??
      textIn(detail, "repository") ??
      textIn(objectIn(detail, "requestParameters"), "repositoryName"),
    sentAt: Number.isFinite(sent) ? new Date(sent).toISOString() : undefined,
    receives: Number(Attributes.ApproximateReceiveCount ?? 0),
  };
}

/** A message that nobody can read is a dead letter like others. */
function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    return objectIn({ event: JSON.parse(body) }, "event");
  } catch {
    return {};
  }
}

function objectIn(value: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const found = value[key];
  return typeof found === "object" && found !== null ? { ...found } : {};
}

function textIn(value: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const found = value[key];
  return typeof found === "string" ? found.slice(0, LONGEST) : undefined;
}
