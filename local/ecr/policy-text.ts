/** Repository and registry policies: what ECR takes as one, and the form in which it gives it back. */
import { invalidParameter } from "../aws/refusals.ts";

type Kind = "repository" | "registry";

/**
 * The policy as ECR keeps it: re-formatted (API reference, CreateRepositoryCreationTemplate sample), so a comparison of texts
 * fails where one of parsed JSON holds. Error: InvalidParameterException, `Invalid repository policy provided` (seen).
 * A statement of a repository policy must not name a resource (seen in amazon-ecr-user-guide #20); one of a registry policy must.
 */
export function policyAsKept(text: string, kind: Kind): string {
  const policy = parse(text);
  if (!isObject(policy) || !statementsOf(policy).every((statement) => isStatement(statement, kind))) {
    throw invalidParameter("PolicyText", `Invalid ${kind} policy provided`);
  }
  return format(policy, "");
}

function statementsOf(policy: Record<string, unknown>): unknown[] {
  const statement = policy.Statement;
  // One that is missing or empty fails the test that follows.
  if (Array.isArray(statement)) return statement.length > 0 ? statement : [undefined];
  return [statement];
}

function isStatement(value: unknown, kind: Kind): boolean {
  if (!isObject(value)) return false;
  const has = (...names: string[]) => names.some((name) => value[name] !== undefined);
  return (
    (value.Effect === "Allow" || value.Effect === "Deny") &&
    has("Principal", "NotPrincipal") &&
    has("Action", "NotAction") &&
    has("Resource", "NotResource") === (kind === "registry")
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The service's printer: `"Key" : value`, members on lines of their own, arrays as `[ a, b ]`. */
function format(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? "[ ]" : `[ ${value.map((item) => format(item, indent)).join(", ")} ]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const members = Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)} : ${format(item, inner)}`);
  return members.length === 0 ? "{ }" : `{\n${members.join(",\n")}\n${indent}}`;
}
