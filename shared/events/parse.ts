import type * as z from "zod/mini";
import { permanent } from "../errors.ts";

/**
 * Checks `value` against `schema`. What an event does not carry as documented is a malformed event: permanent, code
 * `event-malformed`, with the path and the rule of the first three breaches; never the event itself, which may carry credentials.
 */
export function parseAs<Schema extends z.ZodMiniType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const breaches = result.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join(".") || "the event"} ${ruleOf(issue, at(value, issue.path))}`)
    .join("; ");
  throw permanent("event-malformed", `not ${what}: ${breaches}`);
}

/** The rule in words: zod/mini brings none of its own, and its full texts are ten times the size of the schemas here. */
function ruleOf(issue: z.core.$ZodIssue, found: unknown): string {
  if (found === undefined) return "is missing";
  if (issue.code === "invalid_type") return `must be a ${issue.expected}, not ${typeOf(found)}`;
  if (issue.code === "invalid_value")
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
  return issue.code === "too_small" ? "must not be empty" : `breaks the rule ${issue.code}`;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}
