import { describe, expect, it } from "vitest";
import { compilePattern } from "../../../../local/events/pattern.ts";

/** The sample event of "Event patterns" in the EventBridge user guide, with the members that the operator examples ask for. */
const event = {
  version: "0",
  id: "3e3c153a-8339-4e30-8c35-687ebef853fe",
  "detail-type": "EC2 Instance Launch Successful",
  source: "aws.ec2",
  account: "123456789012",
  time: "2017-10-02T16:24:49Z",
  region: "us-east-1",
  resources: ["arn:aws:ec2:us-east-1:123456789012:instance/i-0001", "arn:aws:s3:::bucket"],
  detail: {
    state: "running",
    "c-count": 5,
    "d-count": 3,
    "x-limit": 301.8,
    "source-ip": "10.0.0.33",
    ipv6: "2001:db8::7",
    service: "EventBridge",
    FileName: "dir/image.png",
    FilePath: "root/lib/x",
    eventVersion: "",
    responseElements: null,
    public: false,
    nested: { deeper: "yes" },
    tags: ["a", "b"],
    none: [],
  },
};

const detail = (pattern: Record<string, unknown>) => ({ detail: pattern });

describe("compilePattern, documented examples that match", () => {
  it.each<[string, unknown]>([
    ["an exact value", { source: ["aws.ec2"] }],
    ["one of several values", detail({ state: ["initializing", "running"] })],
    ["several fields at once", { source: ["aws.ec2"], detail: { state: ["running"] } }],
    ["an array of the event that shares an element", { resources: ["arn:aws:s3:::bucket", "arn:other"] }],
    ["an empty text", detail({ eventVersion: [""] })],
    ["null", detail({ responseElements: [null] })],
    ["a boolean", detail({ public: [false] })],
    ["a number, however it is written", detail({ "x-limit": [3.018e2] })],
    ["prefix", { time: [{ prefix: "2017-10-02" }] }],
    ["prefix, ignoring case", detail({ service: [{ prefix: { "equals-ignore-case": "EVENTB" } }] })],
    ["suffix", detail({ FileName: [{ suffix: ".png" }] })],
    ["suffix, ignoring case", detail({ service: [{ suffix: { "equals-ignore-case": "tBridge" } }] })],
    ["equals-ignore-case", detail({ service: [{ "equals-ignore-case": "eventbridge" }] })],
    ["anything-but a text", detail({ state: [{ "anything-but": "initializing" }] })],
    ["anything-but a number", detail({ "x-limit": [{ "anything-but": 123 }] })],
    ["anything-but a list of texts", detail({ state: [{ "anything-but": ["stopped", "overloaded"] }] })],
    ["anything-but a list of numbers", detail({ "x-limit": [{ "anything-but": [100, 200, 300] }] })],
    ["anything-but prefix", detail({ state: [{ "anything-but": { prefix: "init" } }] })],
    ["anything-but a list of prefixes", detail({ state: [{ "anything-but": { prefix: ["init", "stop"] } }] })],
    ["anything-but suffix", detail({ FileName: [{ "anything-but": { suffix: ".txt" } }] })],
    ["anything-but a list of suffixes", detail({ FileName: [{ "anything-but": { suffix: [".txt", ".rtf"] } }] })],
    ["anything-but ignoring case", detail({ state: [{ "anything-but": { "equals-ignore-case": "INITIALIZING" } }] })],
    [
      "anything-but a list ignoring case",
      detail({ state: [{ "anything-but": { "equals-ignore-case": ["Init", "Stopped"] } }] }),
    ],
    ["anything-but wildcard", detail({ FilePath: [{ "anything-but": { wildcard: "*/bin/*" } }] })],
    [
      "anything-but a list of wildcards",
      detail({ FilePath: [{ "anything-but": { wildcard: ["*/bin/*", "*.png"] } }] }),
    ],
    ["numeric, one comparison", detail({ "d-count": [{ numeric: ["<", 10] }] })],
    ["numeric, a range", detail({ "c-count": [{ numeric: [">", 0, "<=", 5] }] })],
    ["numeric, equal", detail({ "x-limit": [{ numeric: ["=", 3.018e2] }] })],
    ["cidr", detail({ "source-ip": [{ cidr: "10.0.0.0/24" }] })],
    ["cidr of IPv6", detail({ ipv6: [{ cidr: "2001:db8::/32" }] })],
    ["exists true", detail({ state: [{ exists: true }] })],
    ["exists false", detail({ "no-such": [{ exists: false }] })],
    ["exists false of something beneath what is missing", { detail: { gone: { deeper: [{ exists: false }] } } }],
    ["exists false of an intermediate node, which is no leaf", detail({ nested: [{ exists: false }] })],
    ["exists false of an empty array, which has no leaf", detail({ none: [{ exists: false }] })],
    ["exists false or a value", detail({ state: [{ exists: false }, "running"] })],
    ["wildcard", detail({ FileName: [{ wildcard: "dir/*.png" }] })],
    ["$or", detail({ $or: [{ "c-count": [{ numeric: [">", 9] }] }, { "d-count": [3] }] })],
    ["$or beside a field", { source: ["aws.ec2"], $or: [{ region: ["eu-west-1"] }, { account: ["123456789012"] }] }],
    ["$or within $or", { $or: [{ region: ["x"] }, { source: ["aws.ec2"], $or: [{ id: ["x"] }, { version: ["0"] }] }] }],
    [
      "the complex example",
      {
        time: [{ prefix: "2017-10-02" }],
        detail: {
          state: [{ "anything-but": "initializing" }],
          "c-count": [{ numeric: [">", 0, "<=", 5] }],
          "d-count": [{ numeric: ["<", 10] }],
          "x-limit": [{ "anything-but": [100, 200, 300] }],
          "source-ip": [{ cidr: "10.0.0.0/8" }],
        },
      },
    ],
  ])("%s", (_, pattern) => {
    expect(compilePattern(pattern)(event)).toBe(true);
  });
});

describe("compilePattern, what does not match", () => {
  it.each<[string, unknown]>([
    ["another case of an exact value", { source: ["AWS.EC2"] }],
    ["one field of two", { source: ["aws.ec2"], detail: { state: ["stopped"] } }],
    ["a field that is missing", detail({ gone: ["x"] })],
    ["a text for a number", detail({ "c-count": ["5"] })],
    ["an empty text for null", detail({ responseElements: [""] })],
    ["null for an empty text", detail({ eventVersion: [null] })],
    ["prefix on a number", detail({ "c-count": [{ prefix: "5" }] })],
    ["anything-but on a field that is missing", detail({ gone: [{ "anything-but": "x" }] })],
    ["anything-but what is there", detail({ state: [{ "anything-but": ["running", "stopped"] }] })],
    ["anything-but a prefix that is there", detail({ state: [{ "anything-but": { prefix: ["stop", "run"] } }] })],
    ["anything-but a suffix that is there", detail({ FileName: [{ "anything-but": { suffix: ".png" } }] })],
    [
      "anything-but ignoring the case of what is there",
      detail({ state: [{ "anything-but": { "equals-ignore-case": "RUNNING" } }] }),
    ],
    ["anything-but a wildcard that fits", detail({ FilePath: [{ "anything-but": { wildcard: "*/lib/*" } }] })],
    ["numeric at an open bound", detail({ "c-count": [{ numeric: [">", 0, "<", 5] }] })],
    ["numeric on a text", detail({ state: [{ numeric: [">", 0] }] })],
    ["cidr of other addresses", detail({ "source-ip": [{ cidr: "10.0.1.0/24" }] })],
    ["cidr on what is no address", detail({ state: [{ cidr: "10.0.0.0/8" }] })],
    ["exists true of what is missing", detail({ gone: [{ exists: true }] })],
    ["exists true of an intermediate node", detail({ nested: [{ exists: true }] })],
    ["exists false of what is there, even null", detail({ responseElements: [{ exists: false }] })],
    ["a wildcard over the whole that does not fit", detail({ FileName: [{ wildcard: "dir/*.jpg" }] })],
    ["$or without a matching alternative", { $or: [{ region: ["x"] }, { source: ["y"] }] }],
    ["$or beside a field that does not match", { source: ["y"], $or: [{ region: ["us-east-1"] }, { account: ["x"] }] }],
    ["what the prototype of an object has", detail({ constructor: [{ exists: true }] })],
  ])("%s", (_, pattern) => {
    expect(compilePattern(pattern)(event)).toBe(false);
  });
});

describe("arrays in the event", () => {
  const staff = {
    employees: [
      { firstName: "John", lastName: "Doe" },
      [{ firstName: "Anna", lastName: "Smith", left: true }],
      { firstName: "Peter", lastName: "Jones" },
    ],
  };

  it.each<[boolean, string, unknown]>([
    [true, "matches a field of one element, however deep the arrays are", { employees: { firstName: ["Anna"] } }],
    [true, "matches two fields of the same element", { employees: { firstName: ["Anna"], lastName: ["Smith"] } }],
    [
      false,
      "does not match two fields of different elements",
      { employees: { firstName: ["Anna"], lastName: ["Jones"] } },
    ],
    [false, "does not take a field as absent that any element has", { employees: { left: [{ exists: false }] } }],
    [true, "takes a field as absent that no element has", { employees: { hired: [{ exists: false }] } }],
    [
      true,
      "takes a field as absent in the element that matched",
      { employees: { firstName: ["Peter"], left: [{ exists: false }] } },
    ],
    [
      false,
      "does not take it as absent in another element",
      { employees: { firstName: ["Anna"], left: [{ exists: false }] } },
    ],
  ])("%s: %s", (expected, _, pattern) => {
    expect(compilePattern(pattern)(staff)).toBe(expected);
  });

  it("matches anything-but as soon as one element differs", () => {
    const matches = compilePattern({ tags: [{ "anything-but": "a" }] });

    expect([matches({ tags: ["a", "b"] }), matches({ tags: ["a"] })]).toEqual([true, false]);
  });
});

describe("malformed patterns", () => {
  it.each<[unknown, string]>([
    [
      { a: { b: [{ "starts-with": "x" }] } },
      "event pattern, field 'a.b': unknown operator 'starts-with'; EventBridge has anything-but, cidr,",
    ],
    [{ a: [{ prefix: "x", suffix: "y" }] }, "event pattern, field 'a': needs values or objects with one operator"],
    [{ a: "x" }, "event pattern, field 'a': must be an object or a list of values"],
    [{ a: [] }, "event pattern, field 'a': an empty list is not allowed"],
    [{ a: {} }, "event pattern, field 'a': an empty object is not allowed"],
    [{}, "event pattern: an empty object is not allowed"],
    ["x", "event pattern: must be an object or a list of values"],
    [{ a: [["x"]] }, "event pattern, field 'a': needs values or objects with one operator"],
    [{ a: [{ prefix: 1 }] }, "event pattern, field 'a': 'prefix' needs a text or {\"equals-ignore-case\": text}"],
    [{ a: [{ suffix: { prefix: "x" } }] }, "event pattern, field 'a': 'suffix' needs a text or"],
    [
      { a: [{ "equals-ignore-case": ["x"] }] },
      "event pattern, field 'a': 'equals-ignore-case' needs a text, but has [\"x\"]",
    ],
    [{ a: [{ wildcard: "a**b" }] }, "event pattern, field 'a': 'wildcard' may not have two * in a row, but has 'a**b'"],
    [{ a: [{ wildcard: "a\\b" }] }, "event pattern, field 'a': 'wildcard' may escape only * and \\, but has 'a\\b'"],
    [{ a: [{ wildcard: "a\\" }] }, "event pattern, field 'a': 'wildcard' may escape only * and \\"],
    [
      { a: [{ "anything-but": { cidr: "10.0.0.0/8" } }] },
      "event pattern, field 'a': 'anything-but' with unknown operator 'cidr'",
    ],
    [
      { a: [{ "anything-but": ["x", 1] }] },
      "event pattern, field 'a': 'anything-but' needs a text, a number, a list of only one of these",
    ],
    [{ a: [{ "anything-but": [] }] }, "event pattern, field 'a': 'anything-but' needs"],
    [
      { a: [{ "anything-but": { prefix: "" } }] },
      "event pattern, field 'a': 'anything-but' with 'prefix' needs a text",
    ],
    [{ a: [{ numeric: [">", "0"] }] }, "event pattern, field 'a': 'numeric' needs one comparison"],
    [{ a: [{ numeric: ["~", 0] }] }, "event pattern, field 'a': 'numeric' needs one comparison"],
    [{ a: [{ numeric: [">", 5, "<", 1] }] }, "event pattern, field 'a': 'numeric' needs one comparison"],
    [{ a: [{ numeric: ["<", 5, ">", 1] }] }, "event pattern, field 'a': 'numeric' needs one comparison"],
    [{ a: [{ numeric: ["<", 6e9] }] }, "event pattern, field 'a': 'numeric' needs one comparison"],
    [
      { a: [{ cidr: "10.0.0.0" }] },
      "event pattern, field 'a': 'cidr' needs an address range such as 10.0.0.0/24, but has '10.0.0.0'",
    ],
    [{ a: [{ cidr: "10.0.0.0/33" }] }, "event pattern, field 'a': 'cidr' needs an address range"],
    [{ a: [{ exists: "true" }] }, "event pattern, field 'a': 'exists' needs true or false, but has \"true\""],
    [{ a: { $or: [{ b: ["x"] }] } }, "event pattern, field 'a.$or': needs a list of at least two objects"],
    [
      { $or: [{ prefix: ["x"] }, { b: ["x"] }] },
      "event pattern, field '$or': 'prefix' is an operator and cannot be a field here",
    ],
    [{ $or: [{ a: ["x"] }, { b: [{ foo: 1 }] }] }, "event pattern, field '$or[1].b': unknown operator 'foo'"],
  ])("refuses %j", (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(message);
  });
});
