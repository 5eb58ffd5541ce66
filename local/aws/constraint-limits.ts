/** Second half of a check: required members, lengths, ranges, patterns and enums, in the service's words. */
import type { ListShape, Shape, StringShape, StructureShape } from "./constraints.ts";
import { invalidParameter } from "./refusals.ts";

/** Where a value stands; elements of a list of plain values are blamed on the list, in another wording. */
interface Place {
  readonly field: string;
  readonly element: boolean;
}

/** Raises InvalidParameterException for the first limit that the decoded `value` breaks. */
export function holdLimits(shape: Shape, value: unknown): void {
  hold(shape, value, { field: "", element: false });
}

function hold(shape: Shape, value: unknown, place: Place): void {
  if (shape.kind === "string") holdString(shape, value as string, place);
  else if (shape.kind === "integer" || shape.kind === "long") refuse(place, range(shape, value as number, "value"));
  else if (shape.kind === "blob") refuse(place, range(shape, (value as Buffer).length, "length"));
  else if (shape.kind === "list") holdList(shape, value as unknown[], place);
  else if (shape.kind === "structure") holdMembers(shape, value as Record<string, unknown>, place.field);
}

function holdList(shape: ListShape, items: unknown[], place: Place): void {
  refuse(place, range(shape, items.length, "length"));
  items.forEach((item, index) => {
    // Seen: 'tags.2.member.key' for structures, and the list itself for plain values.
    if (shape.of.kind === "structure")
      hold(shape.of, item, { field: `${place.field}.${index + 1}.member`, element: false });
    else hold(shape.of, item, { field: shape.memberField ?? place.field, element: shape.memberField === undefined });
  });
}

function holdMembers(shape: StructureShape, value: Record<string, unknown>, path: string): void {
  for (const [name, member] of Object.entries(shape.members)) {
    // The service names members in its own spelling: Key on the wire is `key` in the text.
    const field = path === "" ? name : `${path}.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    if (Object.hasOwn(value, name)) hold(member, value[name], { field, element: false });
    else if (shape.required.includes(name)) {
      const own = member.kind === "string" && member.wording === "own";
      throw invalidParameter(field, own ? "must not be null" : "Member must not be null");
    }
  }
}

function holdString(shape: StringShape, value: string, place: Place): void {
  const own = shape.wording === "own" && !place.element;
  const length = range(shape, [...value].length, "length");
  if (length !== undefined && own) throw invalidParameter(place.field, length.replace(/^Member /, ""));
  refuse(place, length);
  if (shape.values !== undefined && !shape.values.includes(value)) {
    refuse(place, `Member must satisfy enum value set: [${shape.values.join(", ")}]`);
  }
  if (shape.pattern !== undefined && !new RegExp(`^(?:${shape.matchedAs ?? shape.pattern})$`).test(value)) {
    if (own) throw invalidParameter(place.field, `must satisfy regular expression '${shape.pattern}'`);
    refuse(place, `Member must satisfy regular expression pattern: ${shape.pattern}`);
  }
}

function range(limits: { min?: number; max?: number }, actual: number, what: "length" | "value"): string | undefined {
  if (limits.min !== undefined && actual < limits.min) {
    return `Member must have ${what} greater than or equal to ${limits.min}`;
  }
  if (limits.max !== undefined && actual > limits.max) {
    return `Member must have ${what} less than or equal to ${limits.max}`;
  }
  return undefined;
}

function refuse(place: Place, fault: string | undefined): void {
  if (fault === undefined) return;
  throw invalidParameter(place.field, place.element ? `Member must satisfy constraint: [${fault}]` : fault);
}
