import { describe, expect, it } from "vitest";
import { md5OfAttributes, readAttributes, selectAttributes } from "../../../../local/queues/message-attributes.ts";
import { code } from "./set-up.ts";

const text = (StringValue: string) => ({ DataType: "String", StringValue });
const recorded = { General: text("Kenobi"), Hello: text("There"), "Help.Me": text("Me") };

describe("the digest of message attributes", () => {
  it.each([
    ["all three", recorded, "4c360f3fdafd970e05fae2f149d997f5"],
    ["two", { Hello: text("There"), General: text("Kenobi") }, "fca026605781cb4126a1e9044df24232"],
    ["one", { Foo: text("Bar") }, "ae7155c6026991b6d54b11589678bf9c"],
    [
      "bytes",
      {
        attr1: {
          DataType: "Binary",
          BinaryValue: Buffer.from("traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01").toString(
            "base64",
          ),
        },
      },
      "8cbe4db156db8a94db8b801b7addb984",
    ],
  ])("of %s is the one that SQS was recorded to give", (_, attributes, md5) => {
    expect(md5OfAttributes(attributes)).toBe(md5);
  });

  it("is none without attributes", () => {
    expect(md5OfAttributes({})).toBeUndefined();
  });
});

describe("the names that a receiver asks for", () => {
  it.each([
    [["All"], ["General", "Hello", "Help.Me"]],
    [[".*"], ["General", "Hello", "Help.Me"]],
    [["Hel.*"], ["Hello", "Help.Me"]],
    [["Hello", "Gone"], ["Hello"]],
    [["Help.*"], ["Help.Me"]],
    [[], []],
  ])("%j give %j", (names, found) => {
    expect(Object.keys(selectAttributes(recorded, names))).toEqual(found);
  });
});

describe("attributes of a message to send", () => {
  it("keep type and value only", () => {
    const given = { size: { DataType: "Number.int", StringValue: "3", StringListValues: [] } };

    expect(readAttributes(given)).toEqual({ size: { DataType: "Number.int", StringValue: "3" } });
  });

  it.each([
    [
      { "a b": text("x") },
      "InvalidParameterValue: Message (user) attribute name 'a b' is invalid. It may contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.), and at most 256 characters.",
    ],
    [
      { a: { StringValue: "x" } },
      "InvalidParameterValue: The message attribute 'a' must contain non-empty message attribute type.",
    ],
    [
      { a: { DataType: "Date", StringValue: "x" } },
      "InvalidParameterValue: The type of message (user) attribute 'a' is invalid. You must use only the following supported type prefixes: Binary, Number, String.",
    ],
    [
      { ErrorDetails: text("") },
      "InvalidParameterValue: Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
    ],
    [["a"], "InvalidParameterValue: Message attributes must be a map of names to values."],
  ])("%j are refused", (given, message) => {
    expect(code(() => readAttributes(given))).toBe(message);
  });
});
