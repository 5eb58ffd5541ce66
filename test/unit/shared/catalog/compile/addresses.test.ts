import { describe, expect, it } from "vitest";
import { kindOfAddress } from "#shared/catalog/compile/address.ts";
import { srcsetAddresses } from "#shared/catalog/compile/srcset.ts";

describe("kindOfAddress", () => {
  it.each([
    ["", "keep"],
    ["#usage", "keep"],
    ["https://example.org/x", "keep"],
    ["HTTP://example.org", "keep"],
    ["mailto:a@example.org", "keep"],
    ["docs/a.md", "relative"],
    ["?plain=1", "relative"],
    ["/root.md", "relative"],
    ["a/b:c", "relative"],
    ["//example.org/x", "protocol-relative"],
    ["\\\\example.org", "protocol-relative"],
    ["https:example.org", "broken"],
    ["https://", "broken"],
    ["//[", "broken"],
    ["javascript:alert(1)", "refused"],
    [" \u0001java\nscript:alert(1)", "refused"],
    ["VBSCRIPT:x", "refused"],
    ["data:text/html,x", "refused"],
    ["file:///etc/passwd", "refused"],
  ])("takes %j for %s", (address, kind) => {
    expect(kindOfAddress(address)).toBe(kind);
  });
});

describe("srcsetAddresses", () => {
  it.each([
    ["a.png", ["a.png"]],
    [" a.png 1x , b.png 2x,", ["a.png", "b.png"]],
    ["a,b.png 1x, c.png", ["a,b.png", "c.png"]],
    ["a.png, b.png", ["a.png", "b.png"]],
    ["a.png calc(1,2) 1x, b.png", ["a.png", "b.png"]],
    [" , ", []],
  ])("finds in %j %j", (value, addresses) => {
    expect(srcsetAddresses(value).map(({ start, end }) => value.slice(start, end))).toEqual(addresses);
  });
});
