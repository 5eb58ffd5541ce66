/** One run of one function, told to a person or to another program. */
import type { LocalAccount } from "./account.ts";
import type { InvokeResult } from "./lambda/result.ts";

export interface InvokeOutput {
  /** Standard output, a line at a time. */
  readonly out: (line: string) => void;
  /** Standard error. */
  readonly err: (line: string) => void;
}

/**
 * Runs the function on the text of an event and tells what it decided and answered. An EventBridge event (it has `detail-type`), and what is no JSON
 * object at all, comes in a batch of the function's queue. Any other object is the function's payload: then the answer, as indented JSON, is all that
 * goes to standard output, for another program to read.
 *
 * Gives the exit code: 0 when the function took the event or answered, 1 when it gave the event back or failed.
 */
export async function invokeFunction(
  account: Pick<LocalAccount, "invoke" | "invokeDirect" | "timeline">,
  { functionName, text }: { readonly functionName: string; readonly text: string },
  { out, err }: InvokeOutput,
): Promise<number> {
  const start = account.timeline.last();
  const payload = directPayload(text);
  const isDirect = payload !== undefined;
  const result = isDirect
    ? await account.invokeDirect(functionName, payload)
    : await account.invoke(functionName, [text]);
  const tell = isDirect ? err : out;
  for (const { kind, who, what, text: words, facts } of account.timeline.after(start)) {
    if (who !== functionName) continue;
    tell(`${kind} ${what}: ${words}`);
    tell(`  ${JSON.stringify(withoutLogFields(facts))}`);
  }
  if (!isDirect) out(`answer: ${JSON.stringify(result)}`);
  else out(JSON.stringify("payload" in result ? result.payload : withoutTrace(result.error), null, 2));
  return isDone(result, isDirect) ? 0 : 1;
}

function directPayload(text: string): object | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The function itself is to say what is wrong with it.
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return "detail-type" in value ? undefined : value;
}

/** A batch is done when no message of it goes back to the queue. */
function isDone(result: InvokeResult, isDirect: boolean): boolean {
  if (!("payload" in result)) return false;
  const answer = result.payload as { batchItemFailures?: unknown[] } | null;
  return isDirect || answer?.batchItemFailures?.length === 0;
}

/** An error as a person needs it: the trace is of minified code. */
function withoutTrace({ errorType, errorMessage }: { readonly errorType: string; readonly errorMessage: string }) {
  return { errorType, errorMessage };
}

/** What the decision says, without what every log line carries. */
function withoutLogFields(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const common = new Set([
    "level",
    "message",
    "timestamp",
    "service",
    "requestId",
    "sampling_rate",
    "xray_trace_id",
    "decision",
    "trace",
  ]);
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !common.has(name)));
}
