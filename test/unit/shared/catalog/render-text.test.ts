import { describe, expect, it } from "vitest";
import { renderText } from "#shared/catalog/render-text.ts";
import { compiled } from "./compiled.ts";

const text = {
  pieces: ["One ", { relative: "a b.md", written: "a%20b.md", kind: "page" }, { cut: "" }, "\n\nTwo"],
} as const;

describe("renderText", () => {
  it("leaves relative addresses as they are written when no source is known, and counts them", () => {
    expect(renderText(text)).toEqual({ text: "One a%20b.md\n\nTwo", shortened: false, unresolved: 1 });
    expect(renderText(text, { source: "no address" }).unresolved).toBe(1);
    expect(renderText(text, { source: "https://example.org/x" })).toEqual({
      text: "One https://example.org/x/a%20b.md\n\nTwo",
      shortened: false,
      unresolved: 0,
    });
  });

  it("points to the full text, to the source, or to nothing when neither is a web address", () => {
    const long = { pieces: [...text.pieces, " and more".repeat(50)] };
    const pointerOf = (options: { source?: string; fullText?: string }) =>
      renderText(long, { ...options, limit: 200 })
        .text.split("\n\n")
        .at(-1);

    expect(pointerOf({ source: "https://example.org/x", fullText: "https://example.org/(y)" })).toBe(
      "_This text is longer than a page can be, and was shortened. [Read all of it](https://example.org/%28y%29)._",
    );
    expect(pointerOf({ source: "https://example.org/x" })).toContain("](https://example.org/x)");
    expect(pointerOf({ fullText: "javascript:alert(1)" })).toBe(
      "_This text is longer than a page can be, and was shortened._",
    );
  });

  it("gives the pointer alone when not one block fits, and nothing when not even that does", () => {
    const fence = compiled(`\`\`\`\n${"x\n".repeat(13_000)}\`\`\``).text;

    expect(fence.dropped).toBe(true);
    expect(renderText(fence)).toMatchObject({
      text: "_This text is longer than a page can be, and was shortened._",
      shortened: true,
    });
    expect(renderText(fence, { limit: 10 }).text).toBe("");
  });

  it("counts the longer addresses of a known source against the limit", () => {
    const links = compiled(Array.from({ length: 40 }, (_, index) => `[x](${index}.md)`).join("\n\n")).text;
    const limit = 1_000;

    expect(renderText(links, { limit }).shortened).toBe(false);
    const page = renderText(links, { limit, source: "https://github.com/example/orders" });
    expect(page.shortened).toBe(true);
    expect(page.text.length).toBeLessThanOrEqual(limit);
  });

  it("gives an empty text for one without pieces", () => {
    expect(renderText({ pieces: [] })).toEqual({ text: "", shortened: false, unresolved: 0 });
  });
});
