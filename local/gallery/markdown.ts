/** Markdown of strangers (about and usage texts) as HTML that cannot do anything. */
import MarkdownIt, { type StateCore, type Token } from "markdown-it";
import { escaped, type Html, trusted } from "./html.ts";

export type Markdown = (text: string) => Html;

/**
 * A renderer of CommonMark with tables and strikethrough. HTML in the text is shown as text. Links lead to http, https and mailto
 * addresses only, and any other stays the text that it was; each has rel="nofollow noopener". No picture is loaded: one
 * at an https address becomes a link to it, any other its alternative text, so that looking at a page asks nobody else.
 * Headings start at the second level, below the page's own.
 */
export function createMarkdown(): Markdown {
  const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });
  // Without a scheme, `README.md` would become a link to a host in Moldova.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  markdown.validateLink = isSafeLink;
  markdown.core.ruler.push("tame", tame);
  markdown.renderer.rules.image = (tokens, index, options, env, renderer) => {
    const token = tokens[index];
    if (token === undefined) return "";
    const alternative = escaped(renderer.renderInlineAsText(token.children ?? [], options, env) || "image");
    const source = String(token.attrGet("src") ?? "");
    // A link within a link would end the outer one.
    if (!/^https:\/\//i.test(source) || isInLink(tokens, index)) return `<span class="picture">${alternative}</span>`;
    return `<a class="picture" href="${escaped(source)}" rel="nofollow noopener">${alternative}</a>`;
  };
  return (text) => trusted(markdown.render(text));
}

/** The slashes matter: `http:x` would be an address of this page's own host. */
function isSafeLink(url: string): boolean {
  return /^(https?:\/\/|mailto:)/i.test(url) && URL.canParse(url);
}

/** Changes tokens before they are written: one pass over blocks and what is inside them. */
function tame({ tokens }: StateCore): void {
  for (const token of tokens) {
    tameToken(token);
    for (const child of token.children ?? []) tameToken(child);
  }
}

function tameToken(token: Token): void {
  if (token.type === "link_open") {
    // An empty destination is never validated; without href it is no link.
    if (isSafeLink(String(token.attrGet("href") ?? ""))) token.attrSet("rel", "nofollow noopener");
    else token.attrs = null;
  }
  if (token.type === "heading_open" || token.type === "heading_close") {
    token.tag = `h${Math.min(Number(token.tag.slice(1)) + 1, 6)}`;
  }
  if (token.type === "th_open" || token.type === "td_open") {
    // Column alignment comes as an inline style, which the page's policy forbids.
    const side = /text-align:(center|right)/.exec(String(token.attrGet("style") ?? ""))?.[1];
    token.attrs = side === undefined ? null : [["class", side]];
  }
}

function isInLink(tokens: readonly Token[], index: number): boolean {
  const last = tokens.slice(0, index).findLast(({ type }) => type === "link_open" || type === "link_close");
  return last?.type === "link_open";
}
