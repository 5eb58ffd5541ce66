/**
 * Condition blocks of a policy statement.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import type { PolicyStatement, RequestContext } from "./iam.ts";
import { matches, substitute } from "./iam-patterns.ts";

type Comparison = (wanted: string, actual: string, context: RequestContext) => boolean;

const equals: Comparison = (wanted, actual, context) => substitute(wanted, context) === actual;
const equalsIgnoringCase: Comparison = (wanted, actual, context) =>
  substitute(wanted, context)?.toLowerCase() === actual.toLowerCase();
/** ARNs are compared part by part, so that a `*` does not reach over a colon into the next part. */
const arnLike: Comparison = (wanted, actual, context) => {
  const patterns = arnParts(wanted.replace(/\$\{[^}]*\}/g, (found) => found.replaceAll(":", "\u0000")));
  const parts = arnParts(actual);
  if (patterns === undefined || parts === undefined) return false;
  return patterns.every((pattern, index) => matches(pattern.replaceAll("\u0000", ":"), parts[index] ?? "", context));
};
const sameTruth: Comparison = (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase();

const comparisons: Readonly<Record<string, { compare: Comparison; negated: boolean }>> = {
  StringEquals: { compare: equals, negated: false },
  StringNotEquals: { compare: equals, negated: true },
  StringEqualsIgnoreCase: { compare: equalsIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { compare: equalsIgnoringCase, negated: true },
  StringLike: { compare: matches, negated: false },
  StringNotLike: { compare: matches, negated: true },
  // Documented: ArnEquals and ArnLike behave alike.
  ArnEquals: { compare: arnLike, negated: false },
  ArnLike: { compare: arnLike, negated: false },
  ArnNotEquals: { compare: arnLike, negated: true },
  ArnNotLike: { compare: arnLike, negated: true },
  Bool: { compare: sameTruth, negated: false },
};

/** Whether all conditions hold. `context` keys in lower case. Error: an operator that is not known here. */
export function conditionsHold(
  conditions: NonNullable<PolicyStatement["Condition"]>,
  context: RequestContext,
): boolean {
  let holds = true;
  for (const [operator, tests] of Object.entries(conditions)) {
    for (const [key, value] of Object.entries(tests)) {
      const wanted = (Array.isArray(value) ? value : [value]).map(String);
      if (!test(operator, wanted, context[key.toLowerCase()], context)) holds = false;
    }
  }
  return holds;
}

function test(
  operator: string,
  wanted: readonly string[],
  actual: string | readonly string[] | undefined,
  context: RequestContext,
): boolean {
  if (operator === "Null") return wanted.some((value) => (value.toLowerCase() === "true") === (actual === undefined));

  const [, set, name, ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/.exec(operator) ?? [];
  const known = comparisons[name ?? ""];
  if (known === undefined) throw new Error(`policy condition operator '${operator}' is not known to the local account`);

  const values = actual === undefined ? [] : typeof actual === "string" ? [actual] : actual;
  if (values.length === 0) {
    // Documented: ForAllValues holds for a missing key, ForAnyValue does not, a negated operator holds.
    if (ifExists !== undefined || set === "ForAllValues") return true;
    return set === undefined && known.negated;
  }
  const one = (value: string): boolean => {
    const found = wanted.some((pattern) => known.compare(pattern, value, context));
    return known.negated ? !found : found;
  };
  if (set === "ForAnyValue") return values.some(one);
  if (set === "ForAllValues" || known.negated) return values.every(one);
  return values.some(one);
}

/** The six parts of an ARN; the last holds the rest, colons included. */
function arnParts(arn: string): string[] | undefined {
  if (arn === "*") return ["*", "*", "*", "*", "*", "*"];
  const parts = arn.split(":");
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
