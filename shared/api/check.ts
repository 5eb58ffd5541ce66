import * as z from "zod/mini";
import { nearest } from "../policy/nearest.ts";
import { ApiError } from "./problem.ts";

/** Issues that are told of one request. */
const MOST_TOLD = 5;
/** Message of an issue whose schema has no sentence of its own, whatever the rest of the process has told zod. */
const UNSAID = "unsaid";

type Issue = z.core.$ZodIssue;

/**
 * `value`, held against one of the schemas of requests.ts. Errors: ApiError `request-invalid`, with each breach in a sentence; its rule is
 * `unknown-field` where a field is not known, which is told with the nearest known one, else `schema`. `what`: "body" or "query".
 */
export function checked<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  what: "body" | "query",
): z.output<Schema> {
  const result = z.safeParse(schema, value, { error: () => UNSAID });
  if (result.success) return result.data;
  const { issues } = result.error;
  const known = schema instanceof z.ZodMiniObject ? Object.keys(schema.shape) : [];
  const said = issues.flatMap((issue) => inWords(issue, value, what, known));
  const more = said.length > MOST_TOLD ? [`and ${said.length - MOST_TOLD} more`] : [];
  const rule = issues.some(({ code }) => code === "unrecognized_keys") ? "unknown-field" : "schema";
  throw new ApiError("request-invalid", [...said.slice(0, MOST_TOLD), ...more].join("; "), { rule });
}

function inWords(issue: Issue, value: unknown, what: "body" | "query", known: readonly string[]): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownField(key, what, known));
  const place = issue.path.length === 0 ? `the ${what}` : `${what}.${issue.path.join(".")}`;
  const isThere = issue.path.every((key) => typeof value === "object" && value !== null && Object.hasOwn(value, key));
  return [`${place} ${isThere && value !== undefined ? ruleOf(issue) : "is missing"}`];
}

function ruleOf(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be of type ${issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_small":
    case "too_big":
    case "invalid_format":
      return formOf(issue);
    default:
      return issue.message === UNSAID ? `breaks the rule ${issue.code}` : issue.message;
  }
}

/** A schema's own sentence goes before ours. */
function formOf(issue: Extract<Issue, { code: "too_small" | "too_big" | "invalid_format" }>): string {
  if (issue.message !== UNSAID) return `is no name: ${issue.message}`;
  if (issue.code === "too_small") return `must have at least ${issue.minimum} characters`;
  if (issue.code === "too_big") return `must have at most ${issue.maximum} characters`;
  return `must match ${issue.pattern}`;
}

function unknownField(key: string, what: "body" | "query", known: readonly string[]): string {
  const shown = JSON.stringify(key.length > 100 ? `${key.slice(0, 100)}…` : key);
  const near = nearest(key.slice(0, 100), known);
  const advice =
    near !== undefined
      ? `write ${near} instead`
      : known.length === 0
        ? `the ${what} of this request has no fields`
        : `known are ${known.join(", ")}`;
  return `unknown field ${shown} in the ${what}; ${advice}`;
}
