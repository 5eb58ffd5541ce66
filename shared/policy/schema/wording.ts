import * as z from "zod";
import { nearest } from "../nearest.ts";

/** As zod gives it to an error map, or once it is done, when the schema is no longer told. */
type Issue = z.core.$ZodRawIssue | z.core.$ZodIssue;

const KINDS: Readonly<Record<string, { name: string; advice: string }>> = {
  string: { name: "text", advice: "text" },
  number: { name: "a number", advice: "a number without quotes" },
  int: { name: "a whole number", advice: "a whole number" },
  boolean: { name: "true or false", advice: "true or false" },
  array: { name: "a list", advice: "each element on a line that begins with `- `," },
  object: { name: "a map", advice: "a map of `key: value` lines" },
  record: { name: "a map", advice: "a map of `key: value` lines" },
};

/**
 * The message for an error of zod's own kinds, as "what is wrong; write … instead". `source` is the value as it stands in the file, so that
 * 012345678901 keeps its zero. Rules with a message of their own do not come here.
 */
export function wording(issue: Issue, source: string | undefined): string {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, issue, source);
    case "invalid_value":
      return wrongValue(issue.values.map(String), issue);
    case "invalid_union":
      return typeof issue.input === "object" && issue.input !== null
        ? `is ${found(issue.input)}; write text, or a list of texts, instead`
        : wrongType("string", issue, source);
    case "too_small":
      return issue.origin === "array" || issue.origin === "string"
        ? `is empty; write ${example(issue) ?? "at least one"}`
        : `is ${String(issue.input)}; write ${String(issue.minimum)} or more instead`;
    case "too_big":
      return `is more than ${String(issue.maximum)}; write less`;
    default:
      return `is ${found(issue.input)}, which is refused (${issue.code}); write ${example(issue) ?? "another value"} instead`;
  }
}

function wrongType(expected: string, issue: Issue, source: string | undefined): string {
  const { input } = issue;
  const kind = KINDS[expected] ?? { name: expected, advice: expected };
  if (input === undefined) return `is missing; write ${example(issue) ?? kind.advice}`;
  if (input === null) {
    const advice = example(issue) ?? (expected === "array" ? "[]" : kind.advice);
    return `is empty; write ${advice}${issue.path === undefined || issue.path.length === 0 ? "" : ", or remove the line"}`;
  }
  if (expected === "string" && typeof input !== "object")
    return `is ${found(input)}, not text; write "${source ?? String(input)}" instead`;
  if (expected === "array" && typeof input === "string")
    return `is text, not a list; write [${JSON.stringify(input)}] instead`;
  if (typeof input === "string" && /^-?[0-9]+$/.test(input) && (expected === "number" || expected === "int")) {
    return `is text, not a number; write ${input} without quotes instead`;
  }
  return `is ${found(input)}, not ${kind.name}; write ${example(issue) ?? kind.advice} instead`;
}

function wrongValue(values: readonly string[], { input }: Issue): string {
  const choice = values.length === 1 ? String(values[0]) : `one of ${values.join(", ")}`;
  if (input === undefined) return `is missing; write ${choice}`;
  if (input === null) return `is empty; write ${choice}`;
  const near = typeof input === "string" ? nearest(input, values) : undefined;
  if (near !== undefined && values.length > 1)
    return `is ${found(input)}, which is not ${choice}; write ${near} instead`;
  return `is ${found(input)}; write ${choice} instead`;
}

/** A value in words: scalars as they are, long text shortened, the rest by its kind. */
function found(input: unknown): string {
  if (Array.isArray(input)) return "a list";
  if (typeof input === "object" && input !== null) return "a map";
  if (typeof input === "number") return `the number ${input}`;
  return JSON.stringify(typeof input === "string" && input.length > 80 ? `${input.slice(0, 80)}…` : input) ?? "nothing";
}

/** The example that the schema gives for the editor helps here, too. */
function example(issue: Issue): string | undefined {
  const schema = "schema" in issue ? issue.schema : undefined;
  if (!(schema instanceof z.ZodType)) return undefined;
  const { examples } = z.globalRegistry.get(schema) ?? {};
  const first = Array.isArray(examples) ? examples[0] : undefined;
  if (first === undefined) return undefined;
  const key = issue.path?.at(-1);
  const value = typeof first === "string" ? first : JSON.stringify(first);
  return typeof key === "string" ? `for example \`${key}: ${value}\`` : `for example \`${value}\``;
}
