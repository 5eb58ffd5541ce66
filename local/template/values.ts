/** Checked access to values of a template. Every error names the path, the rule and what was there instead. */

export type Properties = Readonly<Record<string, unknown>>;

/** Error: not an object. */
export function asObject(value: unknown, path: string): Properties {
  if (!isObject(value)) throw wrong(path, "an object", value);
  return value;
}

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Error: not a list. A missing value is an empty list. */
export function asArray(value: unknown, path: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw wrong(path, "a list", value);
  return value;
}

/** CloudFormation takes numbers and booleans where it wants text. Error: anything else. */
export function asText(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw wrong(path, "a text", value);
}

export function optionalText(value: unknown, path: string): string | undefined {
  return value === undefined ? undefined : asText(value, path);
}

/** A number, or a text that is one; `fallback` for a missing value. Error: neither, or outside `range`. */
export function asInteger(
  value: unknown,
  path: string,
  { fallback, range: [least, most] }: { fallback?: number; range: readonly [number, number] },
): number {
  if (value === undefined && fallback !== undefined) return fallback;
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number) || number < least || number > most) {
    throw wrong(path, `a whole number from ${least} to ${most}`, value);
  }
  return number;
}

/** An object, or the JSON text of one: RedrivePolicy and EventPattern may be written either way. */
export function asObjectOrJson(value: unknown, path: string): Properties {
  if (typeof value !== "string") return asObject(value, path);
  try {
    return asObject(JSON.parse(value), path);
  } catch (error) {
    throw new Error(`${path} is text that is not a JSON object`, { cause: error });
  }
}

function wrong(path: string, wanted: string, value: unknown): Error {
  const told = JSON.stringify(value) ?? "nothing";
  return new Error(`${path} must be ${wanted}, but is ${told.length > 120 ? `${told.slice(0, 120)}…` : told}`);
}
