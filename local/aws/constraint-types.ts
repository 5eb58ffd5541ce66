/** First half of a check: JSON types, base64, members that the model does not know. */
import type { Shape, StructureShape } from "./constraints.ts";
import { serialization } from "./refusals.ts";

/** The value in our types: blobs as Buffers, numbers whole, null and unknown members left out. Error: SerializationException. */
export function decodeTypes(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case "any":
      return value;
    case "string":
      return typeof value === "string" ? value : wrongType(value, "a String");
    case "integer":
    case "long":
      // The framework cuts fractions off instead of refusing them.
      return typeof value === "number"
        ? Math.trunc(value)
        : wrongType(value, shape.kind === "long" ? "a Long" : "an Integer");
    case "boolean":
      return typeof value === "boolean" ? value : wrongType(value, "a Boolean");
    case "blob":
      return typeof value === "string" ? decodeBase64(value) : wrongType(value, "a Blob");
    case "list":
      if (!Array.isArray(value)) return wrongType(value, "a List");
      return value.filter((item) => item !== null).map((item) => decodeTypes(shape.of, item));
    case "structure":
      return decodeMembers(shape, value);
  }
}

function decodeMembers(shape: StructureShape, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return wrongType(value, "a Structure");
  const given = value as Record<string, unknown>;
  const decoded: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape.members)) {
    if (!Object.hasOwn(given, name) || given[name] === null || given[name] === undefined) continue;
    decoded[name] = decodeTypes(member, given[name]);
  }
  return decoded;
}

function decodeBase64(text: string): Buffer {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw serialization("Invalid Base64 characters in a blob member");
  }
  return Buffer.from(text, "base64");
}

function wrongType(value: unknown, wanted: string): never {
  if (Array.isArray(value)) throw serialization("Start of list found where not expected");
  if (typeof value === "object") throw serialization("Start of structure or map found where not expected");
  const found = { string: "STRING_VALUE", number: "NUMBER_VALUE" }[typeof value as string];
  throw serialization(`${found ?? (value ? "TRUE_VALUE" : "FALSE_VALUE")} can not be converted to ${wanted}`);
}
