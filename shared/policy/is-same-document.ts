/** Where a value stands in an IAM policy; elsewhere (lifecycle policies too) values are compared as they are. */
type Place = "action" | "principal" | "account" | "condition" | undefined;

const PLACES: Readonly<Record<string, Place>> = {
  Action: "action",
  NotAction: "action",
  Principal: "principal",
  NotPrincipal: "principal",
  Condition: "condition",
};

/**
 * Whether two policy documents, given as JSON text, mean the same: IAM policies and lifecycle policies alike.
 *
 * What is not a difference: the order of keys and of lists (neither kind of document has a list whose order means something: IAM
 * evaluates all statements, lifecycle rules carry their priority), an element given twice, spacing, a single value against a list of one,
 * upper and lower case in actions, an account id against the ARN of its root (ECR gives back the ARN for the id:
 * crossplane-contrib/provider-aws #700), `"*"` against `{"AWS": "*"}`, a condition value `true` against `"true"`, and a missing
 * Version against 2008-10-17, which is IAM's default.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 *
 * A text that is not JSON is the same as itself only.
 */
export function isSameDocument(a: string, b: string): boolean {
  if (a === b) return true;
  const left = meaningOf(a);
  return left !== undefined && left === meaningOf(b);
}

function meaningOf(text: string): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined; // Not an error here: ECR's answer is compared, and whatever it is, it is not the wanted document.
  }
  if (isObject(document) && "Statement" in document)
    return normalForm({ Version: "2008-10-17", ...document }, undefined);
  return normalForm(document, undefined);
}

/** A text that is equal for values that mean the same. */
function normalForm(value: unknown, place: Place): string {
  if (Array.isArray(value)) {
    const elements = [...new Set(value.map((element) => normalForm(element, place)))].sort();
    return elements.length === 1 ? elements.join() : `[${elements.join(",")}]`;
  }
  if (isObject(value)) {
    const members = Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}:${normalForm(member, placeOf(key, place))}`)
      .sort();
    return `{${members.join(",")}}`;
  }
  if (place === "principal" && value === "*") return '{"AWS":"*"}';
  return JSON.stringify(scalarForm(value, place));
}

function placeOf(key: string, parent: Place): Place {
  if (parent === "condition") return "condition";
  if (parent === "principal") return key === "AWS" ? "account" : undefined;
  return PLACES[key];
}

function scalarForm(value: unknown, place: Place): unknown {
  if (place === "condition") return String(value);
  if (typeof value !== "string") return value;
  if (place === "action") return value.toLowerCase();
  if (place === "account") return value.replace(/^arn:aws[a-z-]*:iam::([0-9]{12}):root$/, "$1");
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
