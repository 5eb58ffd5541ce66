/** Tests of single values in an event pattern: what stands in the list of a field. */
import { BlockList, isIP } from "node:net";
import { compileWildcard } from "./pattern-wildcard.ts";

export type Scalar = string | number | boolean | null;
export type Test = (value: Scalar) => boolean;

/** Makes the error for this place in the pattern. */
export type Fail = (why: string) => Error;

/** `equals`, `starts`, … on text; `false` for values that are no text: these operators work only on texts. */
const onText =
  (test: (text: string) => boolean): Test =>
  (value) =>
    typeof value === "string" && test(value);

/** A value given as it is: numbers are compared as numbers, so that 3.0e2 equals 300. */
export function compileExact(value: Scalar): Test {
  return (found) => found === value;
}

export const OPERATORS = [
  "anything-but",
  "cidr",
  "equals-ignore-case",
  "exists",
  "numeric",
  "prefix",
  "suffix",
  "wildcard",
] as const;

type ValueOperator = Exclude<(typeof OPERATORS)[number], "exists">;

/** Test of one operator with its argument. `exists` looks at the field and not at a value, so it is not among them. */
export function compileOperator(operator: ValueOperator, argument: unknown, fail: Fail): Test {
  switch (operator) {
    case "prefix":
    case "suffix":
      return onText(compileAffix(operator, argument, fail));
    case "equals-ignore-case": {
      const wanted = text(operator, argument, fail).toLowerCase();
      return onText((found) => found.toLowerCase() === wanted);
    }
    case "wildcard":
      return onText(compileWildcard(text(operator, argument, fail), fail));
    case "cidr":
      return onText(compileCidr(text(operator, argument, fail), fail));
    case "numeric":
      return compileNumeric(argument, fail);
    case "anything-but":
      return compileAnythingBut(argument, fail);
  }
}

function compileAffix(operator: "prefix" | "suffix", argument: unknown, fail: Fail): (text: string) => boolean {
  const test = (found: string, wanted: string) =>
    operator === "prefix" ? found.startsWith(wanted) : found.endsWith(wanted);
  if (typeof argument === "string") return (found) => test(found, argument);
  const [name, wanted] = single(argument) ?? [];
  if (name !== "equals-ignore-case" || typeof wanted !== "string") {
    throw fail(`'${operator}' needs a text or {"equals-ignore-case": text}`);
  }
  return (found) => test(found.toLowerCase(), wanted.toLowerCase());
}

/** IPv4 or IPv6 range. */
function compileCidr(range: string, fail: Fail): (text: string) => boolean {
  const [, address = "", bits = ""] = /^(.+)\/(\d{1,3})$/.exec(range) ?? [];
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (isIP(address) === 0 || Number(bits) > (family === "ipv6" ? 128 : 32)) {
    throw fail(`'cidr' needs an address range such as 10.0.0.0/24, but has '${range}'`);
  }
  const addresses = new BlockList();
  addresses.addSubnet(address, Number(bits), family);
  return (found) => isIP(found) !== 0 && addresses.check(found, isIP(found) === 6 ? "ipv6" : "ipv4");
}

/** "Numeric matching is limited to values between -5.0e9 and +5.0e9 inclusive" (user guide, event pattern operators). */
const LARGEST = 5e9;

function compileNumeric(argument: unknown, fail: Fail): Test {
  const parts: readonly unknown[] = Array.isArray(argument) ? argument : [];
  const [first, bound, second, limit] = parts;
  const isNumber = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= LARGEST;
  const test = (operator: unknown, than: number): Test | undefined => {
    const compare = comparisons[String(operator)];
    return compare && ((value) => typeof value === "number" && Math.abs(value) <= LARGEST && compare(value, than));
  };

  const lower = isNumber(bound) ? test(first, bound) : undefined;
  if (lower !== undefined && parts.length === 2) return lower;
  const upper = isNumber(limit) ? test(second, limit) : undefined;
  const isRange = String(first).startsWith(">") && String(second).startsWith("<");
  if (lower === undefined || upper === undefined || parts.length !== 4 || !isRange || Number(bound) >= Number(limit)) {
    throw fail(
      `'numeric' needs one comparison (=, <, <=, >, >=) with a number, or a lower and a higher bound, from -5e9 to 5e9, but has ${JSON.stringify(argument)}`,
    );
  }
  return (value) => lower(value) && upper(value);
}

const comparisons: Readonly<Record<string, (value: number, than: number) => boolean>> = {
  "=": (value, than) => value === than,
  "<": (value, than) => value < than,
  "<=": (value, than) => value <= than,
  ">": (value, than) => value > than,
  ">=": (value, than) => value >= than,
};

/** Any value that is there, of whatever type, and not what is named. */
function compileAnythingBut(argument: unknown, fail: Fail): Test {
  const [operator, nested] = single(argument) ?? [];
  if (operator !== undefined) {
    if (!["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(operator)) {
      throw fail(
        `'anything-but' with unknown operator '${operator}'; it takes prefix, suffix, equals-ignore-case and wildcard`,
      );
    }
    const texts = many(nested);
    if (texts.length === 0 || texts.some((item) => typeof item !== "string" || item === "")) {
      throw fail(`'anything-but' with '${operator}' needs a text or a list of texts`);
    }
    const tests = texts.map((item) => compileOperator(operator as ValueOperator, item, fail));
    return (value) => !tests.some((test) => test(value));
  }
  const values = many(argument);
  const types = new Set(values.map((value) => typeof value));
  if (types.size !== 1 || !(types.has("string") || types.has("number"))) {
    throw fail("'anything-but' needs a text, a number, a list of only one of these, or an operator on texts");
  }
  return (value) => !values.includes(value);
}

function text(operator: string, argument: unknown, fail: Fail): string {
  if (typeof argument !== "string") throw fail(`'${operator}' needs a text, but has ${JSON.stringify(argument)}`);
  return argument;
}

function many(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** The only member of an object. */
export function single(value: unknown): [string, unknown] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.length === 1 ? entries[0] : undefined;
}
