import { describe, expect, it } from "vitest";
import { prefersHtml } from "../../../../local/gallery/accept.ts";

describe("the Accept header", () => {
  it.each([
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    "text/html",
    "text/*",
    "application/json;q=0.5, text/html;q=0.6",
    "TEXT/HTML",
  ])("prefers HTML in %s", (accept) => {
    expect(prefersHtml(accept)).toBe(true);
  });

  it.each([
    undefined,
    "",
    "*/*",
    "application/json",
    "application/json, text/html;q=0.9",
    "text/html;q=0, */*",
    "text/html, application/json",
  ])("does not prefer HTML in %s", (accept) => {
    expect(prefersHtml(accept)).toBe(false);
  });
});
