import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMarkdown } from "../../../../local/gallery/markdown.ts";

const markdown = createMarkdown();
const rendered = (text: string) => markdown(text).markup.trim();

describe("Markdown", () => {
  it("becomes paragraphs, emphasis, code, lists and tables", () => {
    expect(rendered("*a* **b** `c`")).toBe("<p><em>a</em> <strong>b</strong> <code>c</code></p>");
    expect(rendered("- a\n- b")).toBe("<ul>\n<li>a</li>\n<li>b</li>\n</ul>");
    expect(rendered("|a|b|\n|-|-:|\n|1|2|").replaceAll("\n", "")).toBe(
      '<table><thead><tr><th>a</th><th class="right">b</th></tr></thead><tbody><tr><td>1</td><td class="right">2</td></tr></tbody></table>',
    );
  });

  it("starts its headings at the second level", () => {
    expect(rendered("# a\n\n###### b")).toBe("<h2>a</h2>\n<h6>b</h6>");
  });

  it("shows HTML as text", () => {
    expect(rendered("<script>alert(1)</script>")).toBe("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>");
    expect(rendered('a <img src=x onerror="alert(1)">')).toBe(
      "<p>a &lt;img src=x onerror=&quot;alert(1)&quot;&gt;</p>",
    );
  });

  it.each(["https://example.com/a", "http://example.com/a", "mailto:team@example.com"])("links to %s", (url) => {
    expect(rendered(`[a](${url} "t")`)).toBe(`<p><a href="${url}" title="t" rel="nofollow noopener">a</a></p>`);
    expect(rendered(`<${url}>`)).toContain(`<a href="${url}" rel="nofollow noopener">`);
  });

  it("links addresses in running text, but no file names", () => {
    expect(rendered("see https://example.com.")).toBe(
      '<p>see <a href="https://example.com" rel="nofollow noopener">https://example.com</a>.</p>',
    );
    expect(rendered("see README.md and www.example.com")).toBe("<p>see README.md and www.example.com</p>");
  });

  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "&#106;avascript:alert(1)",
    "java&Tab;script:alert(1)",
    "vbscript:x",
    "data:text/html,x",
    "data:image/png;base64,AAAA",
    "file:///etc/passwd",
    "blob:null/x",
    "http:relative",
    "//example.com/x",
    "/private/team-a/web",
    "#main",
  ])("has no link and no picture for %s", (url) => {
    expect(rendered(`[a](${url})`)).not.toMatch(/<a|<img|<span/);
    expect(rendered(`![a](${url})`)).not.toMatch(/<a|<img|<span/);
    expect(rendered(`[a][1]\n\n[1]: ${url}`)).not.toMatch(/<a|<img|<span/);
  });

  it("has an element without address for a link to nowhere", () => {
    expect(rendered("[a]()")).toBe("<p><a>a</a></p>");
  });

  it("loads no picture: one at an https address becomes a link, any other its text", () => {
    expect(rendered("![build *ok*](https://example.com/b.svg)")).toBe(
      '<p><a class="picture" href="https://example.com/b.svg" rel="nofollow noopener">build ok</a></p>',
    );
    expect(rendered("![](https://example.com/b.svg)")).toContain(">image</a>");
    expect(rendered("![plain](http://example.com/b.svg)")).toBe('<p><span class="picture">plain</span></p>');
  });

  it("puts no link into a link", () => {
    expect(rendered("[![b](https://example.com/b.svg)](https://example.com) ![c](https://example.com/c.svg)")).toBe(
      '<p><a href="https://example.com" rel="nofollow noopener"><span class="picture">b</span></a> ' +
        '<a class="picture" href="https://example.com/c.svg" rel="nofollow noopener">c</a></p>',
    );
  });

  it("never gives an element or an attribute that could do something", () => {
    const pieces = fc.constantFrom(
      ..."<>\"'&`*_[]()!#|-:\n \\".split(""),
      ...[
        "javascript:",
        "https://",
        "data:",
        "onerror=",
        "<script>",
        "<img ",
        "style=",
        "](",
        "![",
        "```",
        "&#x3c;",
        "|-|\n",
        "a",
      ],
    );
    const elements = /^(p|br|hr|h[2-6]|ul|ol|li|em|strong|s|code|pre|blockquote|a|span|table|thead|tbody|tr|th|td)$/;
    const attributes =
      /^(href="(https?:\/\/|mailto:)[^"]*"|rel="nofollow noopener"|title="[^"]*"|class="[^"]*"|start="\d+")$/;

    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const markup = rendered(parts.join(""));
        for (const [, name = "", rest = ""] of markup.matchAll(/<\/?([^\s>]*)((?:[^>"]|"[^"]*")*)>/g)) {
          expect(name).toMatch(elements);
          for (const [attribute] of rest.matchAll(/[^\s"=]+(="[^"]*")?/g)) expect(attribute).toMatch(attributes);
        }
        expect(markup.replaceAll(/<\/?[^\s>]*(?:[^>"]|"[^"]*")*>/g, "")).not.toContain("<");
      }),
      { numRuns: 2000 },
    );
  });
});
