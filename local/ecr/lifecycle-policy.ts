/**
 * The structure of a lifecycle policy.
 * Rules: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 * Texts: the ones of the JSON schema validator that the service uses, and those marked [seen], are from public reports.
 */
import { invalidParameter } from "../aws/refusals.ts";

type Json = Record<string, unknown>;

const mostRules = 50;
const mostStarsInPattern = 4;
const countTypes = ["imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"];

/**
 * The policy as ECR keeps it: the same JSON without white space (as the CLI reference shows it coming back).
 * Error: InvalidParameterException, `Lifecycle policy validation failure: …`.
 */
export function lifecyclePolicyAsKept(text: string): string {
  const policy = parse(text);
  if (!isObject(policy)) throw failure("Could not map policyString into LifecyclePolicy."); // [seen]
  const { rules } = members(policy, ["rules"], []);
  if (!Array.isArray(rules)) throw wrongType(rules, "array");
  if (rules.length < 1) throw failure("array is too short: must have at least 1 elements but instance has 0 elements");
  if (rules.length > mostRules) {
    throw failure(
      `array is too long: must have at most ${mostRules} elements but instance has ${rules.length} elements`,
    );
  }
  for (const rule of rules) checkRule(rule);
  checkTogether(rules as Json[]);
  return JSON.stringify(policy);
}

function checkRule(rule: unknown): void {
  const { rulePriority, selection, action, description } = members(
    rule,
    ["rulePriority", "selection", "action"],
    ["description"],
  );
  atLeastOne(rulePriority);
  if (description !== undefined && typeof description !== "string") throw wrongType(description, "string");
  checkSelection(selection);
  checkAction(action);
}

function checkSelection(selection: unknown): void {
  const { tagStatus, countType, countNumber, countUnit, storageClass, tagPrefixList, tagPatternList } = members(
    selection,
    ["tagStatus", "countType", "countNumber"],
    ["countUnit", "storageClass", "tagPrefixList", "tagPatternList"],
  );
  oneOf(tagStatus, ["any", "tagged", "untagged"]);
  if (storageClass !== undefined) oneOf(storageClass, ["archive", "standard"]);
  atLeastOne(countNumber);
  // [seen] for a unit beside imageCountMoreThan: the schema has one form per kind of count.
  const unit = countType === "imageCountMoreThan" ? undefined : "days";
  if (!countTypes.includes(String(countType)) || countUnit !== unit) throw noForm();

  const lists = [tagPrefixList, tagPatternList].filter((list) => list !== undefined);
  if (tagStatus === "tagged" && lists.length === 0) {
    throw failure("Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED."); // [seen]
  }
  if (tagStatus !== "tagged" && lists.length > 0) {
    throw failure(
      `Must not specify tagPrefixList or tagPatternList when tagStatus=${String(tagStatus).toUpperCase()}.`,
    );
  }
  if (lists.length === 2) throw failure("Must not specify both tagPrefixList and tagPatternList.");
  for (const list of lists) checkTexts(list);
  for (const pattern of (tagPatternList ?? []) as string[]) {
    if (pattern.split("*").length - 1 <= mostStarsInPattern) continue;
    throw failure(`tagPatternList entry '${pattern}' must not contain more than ${mostStarsInPattern} wildcards`);
  }
}

function checkTexts(list: unknown): void {
  if (!Array.isArray(list)) throw wrongType(list, "array");
  if (list.length < 1) throw failure("array is too short: must have at least 1 elements but instance has 0 elements");
  for (const item of list) if (typeof item !== "string") throw wrongType(item, "string");
}

function checkAction(action: unknown): void {
  const { type, targetStorageClass } = members(action, ["type"], ["targetStorageClass"]);
  oneOf(type, ["expire", "transition"]);
  // [seen] for `expire` with a targetStorageClass of null.
  const target = type === "transition" ? "archive" : undefined;
  if (targetStorageClass !== target) throw noForm();
}

/** What one rule alone cannot show. */
function checkTogether(rules: readonly Json[]): void {
  const priorities = rules.map((rule) => Number(rule.rulePriority));
  const twice = priorities.find((priority, index) => priorities.indexOf(priority) !== index);
  if (twice !== undefined) throw failure(`Rule priorities must be unique, ${twice} is used more than once`);

  for (const storageClass of ["standard", "archive"]) {
    const selections = rules
      .map(
        (rule) => ({ ...(rule.selection as Json), priority: Number(rule.rulePriority) }) as Json & { priority: number },
      )
      .filter((selection) => (selection.storageClass ?? "standard") === storageClass);
    const highest = Math.max(...selections.map(({ priority }) => priority));
    if (selections.some(({ tagStatus, priority }) => tagStatus === "any" && priority !== highest)) {
      throw failure("Rule for tagStatus=ANY must have the lowest priority per storage class"); // [seen]
    }
    if (selections.filter(({ tagStatus }) => tagStatus === "untagged").length > 1) {
      throw failure("Only one rule can select Untagged images per storage class"); // [seen]
    }
  }
}

/** The members of an object that has all `required` ones and none but those and the `optional` ones. */
function members(value: unknown, required: readonly string[], optional: readonly string[]): Json {
  if (!isObject(value)) throw wrongType(value, "object");
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  if (missing.length > 0) throw failure(`object has missing required properties (${JSON.stringify(missing.sort())})`);
  const unknown = Object.keys(value).filter((name) => !required.includes(name) && !optional.includes(name));
  if (unknown.length > 0) {
    throw failure(
      `object instance has properties which are not allowed by the schema: ${JSON.stringify(unknown.sort())}`,
    );
  }
  return value;
}

function atLeastOne(value: unknown): void {
  if (!Number.isInteger(value)) throw wrongType(value, "integer");
  if (Number(value) < 1)
    throw failure(`numeric instance is lower than the required minimum (minimum: 1, found: ${value})`);
}

function oneOf(value: unknown, allowed: readonly string[]): void {
  if (allowed.includes(value as string)) return;
  throw failure(
    `instance value (${JSON.stringify(value)}) not found in enum (possible values: ${JSON.stringify(allowed)})`,
  );
}

function wrongType(value: unknown, wanted: string): Error {
  const kind = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return failure(`instance type (${kind}) does not match any allowed primitive type (allowed: ["${wanted}"])`);
}

function noForm(): Error {
  return failure("instance failed to match exactly one schema (matched 0 out of 2)");
}

function failure(reason: string): Error {
  return invalidParameter("LifecyclePolicyText", `Lifecycle policy validation failure: ${reason}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
