import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kindOfAddress } from "#shared/catalog/compile/address.ts";
import { findingList } from "#shared/catalog/compile/finding-list.ts";
import { htmlMarks } from "#shared/catalog/compile/html-marks.ts";
import { linkMarks } from "#shared/catalog/compile/link-marks.ts";
import { descendants, syntaxTree, within } from "#shared/catalog/compile/syntax-tree.ts";
import { renderText } from "#shared/catalog/render-text.ts";
import { compiled } from "./compiled.ts";

const source = "https://gitlab.com/group/part/orders.git";

/** Pieces of Markdown that mean something beside each other, and nonsense. */
const part = fc.constantFrom(
  ..."[ ] ( ) < > ! * _ ` ``` ~~~ # | - > & ; : \\ / \" ' = [a] [b]: [a]: ![x]( [x]( <a\u0020 href= <b> </b> <div> </div> <img\u0020src= <!-- --> <script> </script> <scr ipt> javascript: data: //x.org http://x.org docs/a.md #y ?z ../ onclick= srcset= &#58; &amp; |-|-| 1. - word \u{1F469}\u200D\u{1F466} \u0301 \u5b57 \ud83d \u0007 \u05d0".split(
    " ",
  ),
  " ",
  "  ",
  "    ",
  "\n",
  "\n\n",
  "\r\n",
  "\t",
);
const anyText = fc
  .array(fc.oneof({ weight: 12, arbitrary: part }, fc.string({ maxLength: 12, unit: "binary" })), { maxLength: 60 })
  .map((parts) => parts.join(""));
/** What is shown whole or not at all. */
const WHOLE: ReadonlySet<string> = new Set([
  "codeFenced",
  "codeText",
  "link",
  "image",
  "strong",
  "htmlText",
  "htmlFlow",
]);
const runs = { numRuns: 300 };

describe("a rendered text, whatever it was", () => {
  it("is never over its limit, is valid Unicode, and is the same when it is compiled and rendered again", () => {
    fc.assert(
      fc.property(anyText, fc.nat({ max: 400 }), (text, limit) => {
        const page = renderText(compiled(text).text, { source, limit });
        const again = renderText(compiled(page.text).text, { source, limit });

        expect(page.text.length).toBeLessThanOrEqual(limit);
        expect(page.text.isWellFormed()).toBe(true);
        expect(Buffer.from(page.text).toString()).toBe(page.text);
        expect(again.text).toBe(page.text);
      }),
      runs,
    );
  });

  it("has absolute addresses only when its source is known, and none that could do anything", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const page = renderText(compiled(text).text, { source }).text;

        const tree = syntaxTree(page);
        const findings = findingList("page");
        const marks = [linkMarks(tree, page, findings), htmlMarks(tree, page, findings)];
        expect(marks.flatMap(({ edits, relatives }) => [...edits, ...relatives])).toEqual([]);
        expect(findings.all()).toEqual([]);
        for (const node of descendants(tree)) {
          const destination = node.type === "resource" ? within(node, "resourceDestinationString") : undefined;
          if (destination !== undefined)
            expect(kindOfAddress(page.slice(destination.start, destination.end))).toBe("keep");
        }
      }),
      runs,
    );
  });

  it("ends neither in a fence nor in a link nor in a character, wherever the limit is", () => {
    const block = fc.constantFrom(
      `${"word ".repeat(450)}[a **long** link](docs/a.md "t") and \`code\` ${"more ".repeat(40)}`,
      "```sh\ncurl http://localhost\n\necho [no](link.md)\n```",
      "\u{1F469}\u200D\u{1F469}\u200D\u{1F467}".repeat(300),
      `${"- item [x][def]\n".repeat(140)}`,
      "| a | b |\n|---|---|\n| [x](y.md) | `z` |",
      "# Heading",
      "[def]: docs/def.md",
      '<div align="center">\n\ninside\n\n</div>',
    );
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 150, max: 6_000 }),
        (blocks, limit) => {
          const { text } = compiled(blocks.join("\n\n"));
          const full = renderText(text, { source }).text;
          const page = renderText(text, { source, limit, fullText: "https://example.org/" });
          if (!page.shortened) return;

          const pointer = page.text.lastIndexOf("_This text is longer");
          const fences = page.text.split("\n").filter((line) => line.startsWith("```")).length;
          expect(fences % 2).toBe(0);
          expect(within(syntaxTree(page.text.slice(pointer)), "link")).toBeDefined();
          const shown = page.text.slice(0, pointer).split("\n\n[def]:")[0]?.split("\n\n</div>")[0]?.trimEnd() ?? "";
          expect(full.startsWith(shown)).toBe(true);
          const ended = [...descendants(syntaxTree(full))].filter(
            ({ start, end }) => start < shown.length && end > shown.length,
          );
          expect(ended.filter(({ type }) => WHOLE.has(type))).toEqual([]);
          const characters = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(full);
          if (shown.length < full.length) expect(characters.containing(shown.length)?.index).toBe(shown.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});
