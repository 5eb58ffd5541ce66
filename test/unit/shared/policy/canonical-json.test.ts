import { describe, expect, it } from "vitest";
import { canonicalJson } from "#shared/policy/canonical-json.ts";

describe("canonicalJson", () => {
  it("sorts keys at every depth and leaves lists as they are", () => {
    const text = canonicalJson({ b: [{ z: 1, y: "é" }, 2], a: { d: null, c: true } });

    expect(text).toBe('{"a":{"c":true,"d":null},"b":[{"y":"é","z":1},2]}');
  });

  it("leaves out members that are undefined", () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it("sorts by code unit, not by language", () => {
    expect(canonicalJson({ b: 1, a: 1, B: 1, "10": 1, "9": 1 })).toBe('{"10":1,"9":1,"B":1,"a":1,"b":1}');
  });
});
