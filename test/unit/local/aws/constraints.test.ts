import { describe, expect, it } from "vitest";
import { AwsError } from "../../../../local/aws/call.ts";
import {
  any,
  blob,
  boolean,
  check,
  integer,
  list,
  long,
  type Shape,
  string,
  structure,
} from "../../../../local/aws/constraints.ts";

function refusal(shape: Shape, input: unknown): string {
  try {
    check(shape, input);
  } catch (error) {
    if (error instanceof AwsError) return `${error.status} ${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}

const invalid = (field: string, constraint: string) =>
  `400 InvalidParameterException: Invalid parameter at '${field}' failed to satisfy constraint: '${constraint}'`;

describe("constraints", () => {
  it("gives the members that the shape names and drops unknown and null ones", () => {
    const shape = structure({ name: string(), count: integer(), inner: structure({ on: boolean() }), rest: any() });

    const value = check(shape, {
      name: "a",
      count: 3,
      inner: { on: true, off: 1 },
      rest: { x: [1] },
      other: 1,
      no: null,
    });

    expect(value).toEqual({ name: "a", count: 3, inner: { on: true }, rest: { x: [1] } });
    expect(check(shape, { name: null })).toEqual({});
    expect(check(shape, undefined)).toEqual({});
  });

  it("decodes blobs", () => {
    expect(check(structure({ part: blob({ max: 3 }) }), { part: "YWJj" })).toEqual({ part: Buffer.from("abc") });
  });

  it("does not take a member from the prototype", () => {
    expect(refusal(structure({ toString: string() }, ["toString"]), {})).toBe(
      invalid("toString", "Member must not be null"),
    );
  });

  it.each<[string, Shape, unknown, string]>([
    ["a missing member", structure({ a: string() }, ["a"]), {}, invalid("a", "Member must not be null")],
    ["a missing name", structure({ a: string({ wording: "own" }) }, ["a"]), {}, invalid("a", "must not be null")],
    [
      "a text that is too short",
      structure({ a: string({ min: 100 }) }),
      { a: "x" },
      invalid("a", "Member must have length greater than or equal to 100"),
    ],
    [
      "a name that is too short",
      structure({ a: string({ min: 2, wording: "own" }) }),
      { a: "x" },
      invalid("a", "must have length greater than or equal to 2"),
    ],
    [
      "a text that is too long",
      structure({ a: string({ max: 1 }) }),
      { a: "xy" },
      invalid("a", "Member must have length less than or equal to 1"),
    ],
    [
      "a value outside the enum",
      structure({ a: string({ values: ["X", "Y"] }) }),
      { a: "x" },
      invalid("a", "Member must satisfy enum value set: [X, Y]"),
    ],
    [
      "a text outside the pattern",
      structure({ a: string({ pattern: "[0-9]{2}" }) }),
      { a: "x12" },
      invalid("a", "Member must satisfy regular expression pattern: [0-9]{2}"),
    ],
    [
      "a name outside the pattern",
      structure({ a: string({ pattern: "a|b", wording: "own" }) }),
      { a: "ab" },
      invalid("a", "must satisfy regular expression 'a|b'"),
    ],
    [
      "a number that is too small",
      structure({ a: integer({ min: 1 }) }),
      { a: 0 },
      invalid("a", "Member must have value greater than or equal to 1"),
    ],
    [
      "a number that is too large",
      structure({ a: long({ max: 5 }) }),
      { a: 6 },
      invalid("a", "Member must have value less than or equal to 5"),
    ],
    [
      "a blob that is too large",
      structure({ a: blob({ max: 2 }) }),
      { a: "YWJj" },
      invalid("a", "Member must have length less than or equal to 2"),
    ],
    [
      "a list that is too long",
      structure({ a: list(string(), { max: 1 }) }),
      { a: ["x", "y"] },
      invalid("a", "Member must have length less than or equal to 1"),
    ],
    [
      "an element of a list",
      structure({ registryIds: list(string({ pattern: "[0-9]{12}" })) }),
      { registryIds: ["1"] },
      invalid(
        "registryIds",
        "Member must satisfy constraint: [Member must satisfy regular expression pattern: [0-9]{12}]",
      ),
    ],
    [
      "a name in a list of names",
      structure({ names: list(string({ pattern: "[a-z]+", wording: "own" }), { memberField: "name" }) }),
      { names: ["1"] },
      invalid("name", "must satisfy regular expression '[a-z]+'"),
    ],
    [
      "a member of a structure",
      structure({ a: structure({ b: string() }, ["b"]) }),
      { a: {} },
      invalid("a.b", "Member must not be null"),
    ],
    [
      "a member of a listed structure",
      structure({ tags: list(structure({ Key: string() }, ["Key"])) }),
      { tags: [{ Key: "x" }, {}] },
      invalid("tags.2.member.key", "Member must not be null"),
    ],
  ])("refuses %s", (_, shape, input, expected) => {
    expect(refusal(shape, input)).toBe(expected);
  });

  it.each<[string, Shape, unknown, string]>([
    ["a number for a text", string(), 1, "NUMBER_VALUE can not be converted to a String"],
    ["a text for a number", integer(), "1", "STRING_VALUE can not be converted to an Integer"],
    ["true for a text", string(), true, "TRUE_VALUE can not be converted to a String"],
    ["a text for a boolean", boolean(), "false", "STRING_VALUE can not be converted to a Boolean"],
    ["a list for a text", string(), [], "Start of list found where not expected"],
    ["a text for a list", list(string()), "x", "STRING_VALUE can not be converted to a List"],
    ["a structure for a text", string(), {}, "Start of structure or map found where not expected"],
    ["what is not base64", blob(), "a b=", "Invalid Base64 characters in a blob member"],
  ])("cannot read %s", (_, shape, value, message) => {
    const input = structure({ first: string({ min: 5 }), a: shape });

    expect(refusal(input, { first: "x", a: value })).toBe(`400 SerializationException: ${message}`);
  });

  it("counts characters and not UTF-16 units", () => {
    const shape = structure({ a: string({ max: 2 }) });

    expect(refusal(shape, { a: "🚢🚢" })).toBe("accepted");
    expect(refusal(shape, { a: "🚢🚢🚢" })).toBe(invalid("a", "Member must have length less than or equal to 2"));
  });

  it("prints one pattern and matches with its harmless equal", () => {
    const shape = structure({ a: string({ pattern: "^(?:a?a)*$", matchedAs: "a*" }) });

    expect(refusal(shape, { a: `${"a".repeat(64)}!` })).toBe(
      invalid("a", "Member must satisfy regular expression pattern: ^(?:a?a)*$"),
    );
  });
});
