/**
 * Event patterns of EventBridge, as documented:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html and eb-event-patterns.html; what these pages
 * leave open follows aws/event-ruler, which EventBridge runs on.
 */
import {
  compileExact,
  compileOperator,
  type Fail,
  OPERATORS,
  type Scalar,
  single,
  type Test,
} from "./pattern-values.ts";

/** One compiled part of a pattern: `matches` takes the value that stands at its place, undefined when there is none. */
interface Part {
  readonly matches: (value: unknown) => boolean;
  /** Nothing but `exists: false`: such a part must hold in every element of an array, others in one and the same. */
  readonly onlyAbsence: boolean;
}

/**
 * Gives the test for events. All fields of a pattern must match, and one item of each field's list; `$or` needs one of its alternatives.
 * An array in the event matches when one of its elements does, and fields beneath an array match only within the same element.
 * Numbers are compared as numbers: how an event wrote them is not known here (EventBridge itself tells 300 from 3.0e2).
 * Error: an unknown operator or a malformed pattern, with the path of the field and the operator.
 */
export function compilePattern(pattern: unknown): (event: unknown) => boolean {
  const { matches } = compileObject(pattern, []);
  return (event) => matches(event);
}

function compileObject(pattern: unknown, path: readonly string[]): Part {
  const fail = failAt(path);
  if (!isObject(pattern)) throw fail("must be an object or a list of values");
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw fail("an empty object is not allowed");

  const fields = entries.flatMap(([key, value]) => {
    if (key === "$or") return [];
    return [
      { key, part: Array.isArray(value) ? compileField(value, [...path, key]) : compileObject(value, [...path, key]) },
    ];
  });
  const alternatives = "$or" in pattern ? compileOr(pattern.$or, path) : undefined;
  const holds = (object: Readonly<Record<string, unknown>>): boolean =>
    fields.every(({ key, part }) => part.matches(Object.hasOwn(object, key) ? object[key] : undefined)) &&
    (alternatives === undefined || alternatives.some(({ matches }) => matches(object)));
  const onlyAbsence = [...fields.map(({ part }) => part), ...(alternatives ?? [])].every((part) => part.onlyAbsence);

  return {
    onlyAbsence,
    matches(value) {
      if (!Array.isArray(value)) return holds(isObject(value) ? value : {});
      const elements = value.flat(Number.POSITIVE_INFINITY).filter(isObject);
      if (elements.length === 0) return holds({});
      return onlyAbsence ? elements.every(holds) : elements.some(holds);
    },
  };
}

function compileOr(alternatives: unknown, path: readonly string[]): Part[] {
  const fail = failAt([...path, "$or"]);
  if (!Array.isArray(alternatives) || alternatives.length < 2) throw fail("needs a list of at least two objects");
  return alternatives.map((alternative, index) => {
    const reserved = isObject(alternative) ? Object.keys(alternative).find(isOperator) : undefined;
    if (reserved !== undefined) throw fail(`'${reserved}' is an operator and cannot be a field here`);
    return compileObject(alternative, [...path, `$or[${index}]`]);
  });
}

/** A field with its list of values and operators. */
function compileField(list: readonly unknown[], path: readonly string[]): Part {
  const fail = failAt(path);
  if (list.length === 0) throw fail("an empty list is not allowed");
  const existence = new Set<boolean>();
  const tests: Test[] = [];
  for (const item of list) {
    if (isScalar(item)) tests.push(compileExact(item));
    else {
      const [operator, argument] = single(item) ?? [];
      if (operator === undefined)
        throw fail(`needs values or objects with one operator, but has ${JSON.stringify(item)}`);
      if (!isOperator(operator)) throw fail(`unknown operator '${operator}'; EventBridge has ${OPERATORS.join(", ")}`);
      if (operator !== "exists") tests.push(compileOperator(operator, argument, fail));
      else if (typeof argument === "boolean") existence.add(argument);
      else throw fail(`'exists' needs true or false, but has ${JSON.stringify(argument)}`);
    }
  }
  return {
    onlyAbsence: tests.length === 0 && !existence.has(true),
    matches(value) {
      const values = scalarsOf(value);
      if (values.length === 0) return existence.has(false);
      return existence.has(true) || values.some((found) => tests.some((test) => test(found)));
    },
  };
}

/** Values at the leaf: objects are no leaves, so `exists` does not see them, and arrays stand for their elements. */
function scalarsOf(value: unknown): Scalar[] {
  return (Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value]).filter(isScalar);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOperator(name: string): name is (typeof OPERATORS)[number] {
  return OPERATORS.some((operator) => operator === name);
}

function failAt(path: readonly string[]): Fail {
  const where = path.length === 0 ? "event pattern" : `event pattern, field '${path.join(".")}'`;
  return (why) => new Error(`${where}: ${why}`);
}
