import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderText } from "#shared/catalog/render-text.ts";
import { compiled } from "./compiled.ts";

const source = "https://github.com/example/orders";

/**
 * What people write, in `golden/<name>.md`, and what the page has, in `golden/<name>.expected.md`. With a limit where a text is to be ended that is shorter
 * than a real page.
 */
const GOLDEN: Readonly<Record<string, { limit?: number; findings?: readonly string[] }>> = {
  "reference-links": {},
  tables: {},
  "table-at-the-cut": { limit: 1_200 },
  "list-at-the-cut": { limit: 1_200 },
  "links-at-the-cut": { limit: 3_300 },
  "definitions-beyond-the-cut": { limit: 1_300 },
  "emoji-at-the-cut": { limit: 1_500 },
  "chinese-at-the-cut": { limit: 1_000 },
  "html-at-the-cut": { limit: 900 },
  "right-to-left": {},
  "nested-fences": {},
  "html-images": {},
  empty: {},
  "script-and-html": {
    findings: [
      'link-scheme: line 20: the link to "javascript:alert(1)" was taken away: it is not http, https or mailto, and 7 more like it',
      "html-comment: line 4: a comment was taken out: it is not for readers, and 1 more like it",
      "html-element: line 5: the element <script> was taken out: a page shows text and images, and 8 more like it",
      "html-attribute: line 7: onclick of <div> was taken out: it runs a script, and 2 more like it",
      'html-unfinished: line 27: the tag "<div title=\\"never ends" never ends, and was taken out',
    ],
  },
  "broken-links": {
    findings: [
      'link-broken: line 3: the link to "https://" was taken away: it is no address, and 3 more like it',
      'link-scheme: line 4: the link to "C:\\\\docs\\\\x.md" was taken away: it is not http, https or mailto, and 1 more like it',
    ],
  },
  "crlf-and-bom": { findings: ["text-characters: line 11: the character U+0007 was taken out: it is no text"] },
  "long-readme": {},
};

describe("a page", () => {
  it.each(Object.entries(GOLDEN))(
    "of %s is as it should be, and stays so when it is made of itself",
    async (name, of) => {
      const [bytes, expected] = await Promise.all(
        [`${name}.md`, `${name}.expected.md`].map((file) => readFile(join(import.meta.dirname, "golden", file))),
      );
      const { limit = 25_600, findings = [] } = of;
      const fullText = `${source}#readme`;

      const first = compiled(bytes ?? "");
      const page = renderText(first.text, { source, fullText, limit });
      const again = compiled(page.text);

      expect(page.text).toBe(expected?.toString().trimEnd());
      expect(page.text.length).toBeLessThanOrEqual(limit);
      expect(first.findings).toEqual(findings);
      expect(renderText(again.text, { source, fullText, limit })).toEqual({ ...page, shortened: false });
      expect(again.findings).toEqual([]);
    },
  );

  it("of a README of 300 kB is that of its beginning, and no more of it is kept than a page can show", async () => {
    const long = await readFile(join(import.meta.dirname, "golden", "long-readme.md"), "utf8");
    const start = long.indexOf("## Chapter 1\n");
    const end = long.indexOf("[badge]: ");
    const body = long.slice(start, end).repeat(Math.ceil(300_000 / (end - start)));
    const readme = long.slice(0, start) + body + long.slice(end);

    const { text } = compiled(readme);
    const page = renderText(text, { source, fullText: `${source}#readme` });

    expect(readme.length).toBeGreaterThan(300_000);
    expect(JSON.stringify(text).length).toBeLessThan(60_000);
    expect(text.dropped).toBe(true);
    const expected = await readFile(join(import.meta.dirname, "golden", "long-readme.expected.md"), "utf8");
    expect(page).toEqual({ text: expected.trimEnd(), shortened: true, unresolved: 0 });
  });
});
