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
    .map((issue) => `${issue.path.join(".") || "(event)"}: ${issue.message}`)
    .join("; ");
  throw permanent("event-malformed", `not ${what}: ${breaches}`);
}
