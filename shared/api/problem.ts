/**
 * Every error that the REST API answers with, by its stable code: the HTTP status and the title that all problems of this code share.
 * docs/api.md has the same table; `type` of a problem is `urn:ecr-autopilot:problem:<code>`.
 */
export const PROBLEMS = {
  "body-malformed": { status: 400, title: "The body is not JSON" },
  "header-unsupported": { status: 400, title: "A conditional header cannot be honoured" },
  "route-unknown": { status: 404, title: "There is no such route" },
  "repository-unknown": { status: 404, title: "There is no such repository" },
  "image-unknown": { status: 404, title: "There is no such image" },
  "dead-letter-unknown": { status: 404, title: "There is no such dead letter" },
  "method-not-allowed": { status: 405, title: "The route does not have this method" },
  "name-near": { status: 409, title: "The name is one slip away from one that exists" },
  "repository-exists": { status: 412, title: "The repository is there already" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "content-type-unsupported": { status: 415, title: "The body is not declared as JSON" },
  "request-invalid": { status: 422, title: "The request is not as the API describes it" },
  "name-refused": { status: 422, title: "The name breaks a rule" },
  "repository-ungoverned": { status: 422, title: "No template covers the name" },
  "creation-refused": { status: 422, title: "The repository cannot be created as its template says" },
  "not-selected": { status: 422, title: "No mirror rule selects it" },
  "next-refused": { status: 422, title: "The list does not go on from there" },
  "internal-error": { status: 500, title: "Internal error" },
  unavailable: { status: 503, title: "Unavailable for the moment" },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** An error that the caller is told: of a 4xx also `message`, in a sentence to act on, and the rule that refused. */
export class ApiError extends Error {
  readonly code: ProblemCode;
  readonly rule: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    { rule, headers = {} }: { rule?: string; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.name = "ApiError";
    this.code = code;
    this.rule = rule;
    this.headers = headers;
  }
}

/** RFC 9457, with three members of our own: `code`, `rule` and `requestId`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Never changes its meaning; act on it. */
  readonly code: ProblemCode;
  /** The rule that refused: of the names, of the requests' schema, of the policy. */
  readonly rule?: string;
  /** API Gateway's, which the function's log has, too. */
  readonly requestId: string;
}

export const PROBLEM_TYPE = "application/problem+json";

/** All that is told of an error that is not the caller's: what went wrong is in the log, and none of their business. */
export const OURS =
  "The request could not be completed. It may be sent again; the log has the reason under the request id.";

/** Longest detail that is told, in UTF-16 units: it may quote what was sent. */
const LONGEST_DETAIL = 2_000;

/** The problem details of an error, https://www.rfc-editor.org/rfc/rfc9457 */
export function problemOf({ code, message, rule }: ApiError, requestId: string): Problem {
  const { status, title } = PROBLEMS[code];
  const detail = status >= 500 ? OURS : shortened(message);
  const told = status < 500 && rule !== undefined && { rule };
  return { type: `urn:ecr-autopilot:problem:${code}`, title, status, detail, code, ...told, requestId };
}

function shortened(text: string): string {
  if (text.length <= LONGEST_DETAIL) return text;
  return `${text.slice(0, LONGEST_DETAIL - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
