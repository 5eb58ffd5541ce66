import * as v from "valibot";
import { permanent } from "../errors.ts";

/**
 * Checks `value` against `schema`. What an event does not carry as documented is a malformed event: permanent, code
 * `event-malformed`, with the path and the rule of the first three breaches; never the event itself, which may carry credentials.
 */
export function parseAs<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  what: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const breaches = result.issues
    .slice(0, 3)
    .map((issue) => `${v.getDotPath(issue) ?? "the event"} ${ruleOf(issue)}`)
    .join("; ");
  throw permanent("event-malformed", `not ${what}: ${breaches}`);
}

/** The rule in words: valibot's own texts repeat what was found, which may be a credential. */
function ruleOf({ input, type, expected }: v.BaseIssue<unknown>): string {
  if (input === undefined) return "is missing";
  switch (type) {
    case "non_empty":
      return "must not be empty";
    case "finite":
      return "must be finite";
    case "regex":
      return `must match ${expected}`;
    case "literal":
    case "picklist":
      return `must be ${expected?.replaceAll(/[()]/g, "").replaceAll("|", "or")}`;
    // Of objects with these members only.
    case "strict_object":
      return "is not known";
    default:
      return `must be a ${type === "custom" ? "object" : type}, not ${typeOf(input)}`;
  }
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
