import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText } from "#shared/catalog/clean-text.ts";
import { escapeMarkdown } from "#shared/catalog/escape-markdown.ts";
import { rendered } from "./rendered.ts";

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "&lt;b&gt; &#60;i>",
  "[link](javascript:alert(1))",
  "![image](https://example.com/x.png)",
  "https://example.com www.example.com example.com //example.com a@example.com mailto:a@example.com",
  "# heading",
  "heading =====",
  "- item",
  "+ item",
  "* item",
  "1. item",
  "12) item",
  "> quote",
  "---",
  "```js code```",
  "~~~",
  "*em* _em_ **strong** ~~gone~~ `code`",
  "| a | b |",
  "[x]: https://example.com",
  "back\\",
  "\\<b>",
  "<https://example.com>",
  "<!-- comment -->",
];

describe("escaped text", () => {
  it.each(HOSTILE)("%j shows as it is", (text) => {
    expect(rendered(escapeMarkdown(text))).toEqual({ elements: ["p"], texts: [text], links: [] });
    expect(rendered(`## ${escapeMarkdown(text)}`)).toEqual({ elements: ["h2"], texts: [text], links: [] });
  });

  it("leaves ordinary text alone", () => {
    const text = "A multi-arch image, for “team A”; it's 100% free";

    expect(escapeMarkdown(text)).toBe(text);
  });

  it("shows any line as it is", () => {
    const unit = fc.constantFrom(..."<>[]()!*_`~#+-=|\\&;:/.@{}$^\"' 1ahtpsw\u00e9👍");
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit, maxLength: 60 }), fc.string({ unit: "binary", maxLength: 60 })),
        (text) => {
          const line = cleanText(text).text;
          fc.pre(line !== "");

          expect(rendered(escapeMarkdown(line))).toEqual({ elements: ["p"], texts: [line], links: [] });
        },
      ),
      { numRuns: 500 },
    );
  });
});
