/** What a target is sent for an event. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
import type { InputTransformer, LocalRule, LocalTarget } from "../template/local-template.ts";
import type { EventEnvelope } from "./event.ts";
import { compileJsonPath } from "./json-path.ts";

export type TargetInput = (event: EventEnvelope, receivedAt: Date) => string;

/**
 * Gives the function that makes the text for the target: the whole event, a constant, a part of it, or a transformed one.
 * Error: more than one of these, a constant that is not JSON, a path or a variable that is not valid; names the target.
 */
export function compileTargetInput(rule: LocalRule, target: LocalTarget): TargetInput {
  const { input, inputPath, inputTransformer } = target;
  const fail = (why: string, cause?: unknown) => new Error(`target '${target.id}': ${why}`, { cause });
  if ([input, inputPath, inputTransformer].filter((way) => way !== undefined).length > 1) {
    throw fail("has more than one of Input, InputPath and InputTransformer");
  }
  try {
    if (input !== undefined) {
      JSON.parse(input);
      return () => input;
    }
    if (inputPath !== undefined) {
      const read = compileJsonPath(inputPath);
      return (event) => JSON.stringify(read(event) ?? null);
    }
    return inputTransformer === undefined
      ? (event) => JSON.stringify(event)
      : compileTransformer(rule, inputTransformer);
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error), error);
  }
}

/**
 * `<variable>` stands for the value as JSON, and within quotes for its text. A variable whose path finds nothing is null, and empty within
 * quotes (assumed: the documentation says only that it "isn't created").
 */
function compileTransformer(rule: LocalRule, { paths, template }: InputTransformer): TargetInput {
  const own = new Map(Object.entries(paths).map(([name, path]) => [name, compileJsonPath(path)]));
  const reserved = [...own.keys()].find((name) => name.startsWith("aws."));
  if (reserved !== undefined) throw new Error(`the variable '${reserved}' is reserved`);
  const variables = new Map<string, (event: EventEnvelope, receivedAt: Date) => unknown>([
    ...own,
    ["aws.events.rule-arn", () => rule.arn],
    ["aws.events.rule-name", () => rule.name],
    ["aws.events.event.ingestion-time", (_, receivedAt) => receivedAt.toISOString()],
    ["aws.events.event", ({ detail: _, ...event }) => event],
    ["aws.events.event.json", (event) => event],
  ]);
  for (const [, name = ""] of template.matchAll(/<([\w.-]+)>/g)) {
    if (!variables.has(name)) throw new Error(`the input template uses the variable '${name}', which has no path`);
  }
  return (event, receivedAt) =>
    // Texts of the template are taken whole, so that a variable is seen to stand within quotes or not.
    template.replace(/"(?:[^"\\]|\\.)*"|<([\w.-]+)>/g, (found: string, name: string | undefined) => {
      const value = (variable: string) => variables.get(variable)?.(event, receivedAt);
      if (name !== undefined) return JSON.stringify(value(name) ?? null);
      return found.replace(/<([\w.-]+)>/g, (_, variable: string) => withinQuotes(value(variable)));
    });
}

function withinQuotes(value: unknown): string {
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}
