import { describe, expect, it } from "vitest";
import { findingList } from "#shared/catalog/compile/finding-list.ts";
import { plainText } from "#shared/catalog/compile/plain-text.ts";

describe("a description", () => {
  it.each([
    ["  Orders\n  over HTTP \n", "Orders over HTTP"],
    ["docker run <image> when a < b & c > d", "docker run <image> when a < b & c > d"],
    ["", ""],
  ])("of %j is %j", (written, text) => {
    const findings = findingList("d");

    expect(plainText(written, findings)).toBe(text);
    expect(findings.all()).toEqual([]);
  });

  it("loses HTML and control characters, and tells so", () => {
    const findings = findingList("catalog.repositories[0].description");

    expect(plainText("<b>Orders</b>\u0007 <script>alert('x')</script>over<br>HTTP<!-- x -->", findings)).toBe(
      "Orders over HTTP",
    );
    expect(findings.all().map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      "text-characters: line 1: the character U+0007 was taken out: it is no text",
      "description-html: <b> was taken out: a description is plain text, and 5 more like it",
    ]);
  });
});
