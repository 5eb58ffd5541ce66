/**
 * Evaluates identity-based policies as IAM does: an explicit deny wins, then any allow, else denied.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import { conditionsHold } from "./iam-conditions.ts";
import { matches } from "./iam-patterns.ts";

type OneOrMany = string | readonly string[];

/** A statement as it stands in a template or a policy document. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany | boolean | number>>>>;
}

/** Values of the condition keys in this request; names in any case. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

export interface AccessRequest {
  /** `ecr:PutImage`. */
  readonly action: string;
  readonly resource: string;
  readonly conditions: RequestContext;
}

export type Decision = "allowed" | "denied" | "explicit-deny";

/**
 * The decision of all statements together. Error: a statement whose condition uses an operator that is not known here, or
 * that lacks Action or Resource; it is raised even when the statement would not apply, so that it cannot stay unnoticed.
 */
export function evaluate(statements: readonly PolicyStatement[], request: AccessRequest): Decision {
  const context = lowerCased(request.conditions);
  // Every statement is evaluated, the denied ones too, so that an unknown operator always comes to light.
  const applying = statements.filter((statement) => applies(statement, request, context));
  if (applying.some((statement) => statement.Effect === "Deny")) return "explicit-deny";
  return applying.length > 0 ? "allowed" : "denied";
}

function applies(statement: PolicyStatement, request: AccessRequest, context: RequestContext): boolean {
  const conditions = conditionsHold(statement.Condition ?? {}, context);
  const action = selects("Action", statement.Action, statement.NotAction, (pattern) =>
    matches(pattern.toLowerCase(), request.action.toLowerCase(), {}),
  );
  const resource = selects("Resource", statement.Resource, statement.NotResource, (pattern) =>
    matches(pattern, request.resource, context),
  );
  return action && resource && conditions;
}

function selects(
  name: string,
  wanted: OneOrMany | undefined,
  excluded: OneOrMany | undefined,
  match: (pattern: string) => boolean,
): boolean {
  if (wanted !== undefined) return many(wanted).some(match);
  if (excluded !== undefined) return !many(excluded).some(match);
  throw new Error(`policy statement without ${name} or Not${name}`);
}

function many(value: OneOrMany): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

/** Condition keys are not case-sensitive; their values are. */
function lowerCased(context: RequestContext): RequestContext {
  return Object.fromEntries(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
}
