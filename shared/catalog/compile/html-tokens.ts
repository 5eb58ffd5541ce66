import { type Token, Tokenizer, TokenizerMode } from "parse5";
import type { SyntaxNode } from "./syntax-tree.ts";

export interface HtmlAttribute {
  readonly name: string;
  /** Decoded. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Place of the value between its quotes, as it is written; undefined when there is none. */
  readonly written?: { readonly start: number; readonly end: number; readonly quoted: boolean };
}

/** One token of HTML with its place in the Markdown text. `other`: a comment, a declaration, or a tag that never ends. */
export interface HtmlToken {
  readonly kind: "start" | "end" | "other" | "unfinished";
  /** Name of the element, in lower case. */
  readonly name: string;
  readonly attributes: readonly HtmlAttribute[];
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** Elements whose content is not read as HTML: https://html.spec.whatwg.org/multipage/parsing.html#parsing-html-fragments */
const MODES: Readonly<Record<string, Tokenizer["state"]>> = {
  title: TokenizerMode.RCDATA,
  textarea: TokenizerMode.RCDATA,
  style: TokenizerMode.RAWTEXT,
  xmp: TokenizerMode.RAWTEXT,
  iframe: TokenizerMode.RAWTEXT,
  noembed: TokenizerMode.RAWTEXT,
  noframes: TokenizerMode.RAWTEXT,
  noscript: TokenizerMode.RAWTEXT,
  script: TokenizerMode.SCRIPT_DATA,
  plaintext: TokenizerMode.PLAINTEXT,
};

/** The HTML tokens of a Markdown construct `htmlFlow` or `htmlText`, read as a browser reads them. */
export function htmlTokens(node: SyntaxNode, text: string): HtmlToken[] {
  const { html, placeOf } = htmlOf(node, text);
  const tokens: HtmlToken[] = [];
  const add = (kind: HtmlToken["kind"], name: string, from: number, to: number, attributes: HtmlAttribute[] = []) => {
    const line = node.line + html.slice(0, from).split("\n").length - 1;
    tokens.push({ kind, name, attributes, line, start: placeOf(from), end: placeOf(to - 1) + 1 });
  };
  let read = 0;
  let unfinished = false;
  const told = ({ location }: Token.Token) => {
    read = Math.max(read, location?.endOffset ?? read);
  };
  const other = (token: Token.CommentToken | Token.DoctypeToken) => {
    told(token);
    if (token.location) add("other", "", token.location.startOffset, token.location.endOffset);
  };
  const tag = (token: Token.TagToken) => {
    told(token);
    const { location, tagName, attrs } = token;
    if (location === null) return;
    const attributes = attrs.flatMap(({ name, value }) => {
      const place = location.attrs?.[name];
      return place === undefined ? [] : [attributeAt({ name, value, html, placeOf }, place)];
    });
    const kind = token.type === 3 ? "start" : "end";
    add(kind, tagName, location.startOffset, location.endOffset, attributes);
    if (kind === "start") tokenizer.state = MODES[tagName] ?? tokenizer.state;
  };
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: true },
    {
      onStartTag: tag,
      onEndTag: tag,
      onComment: other,
      onDoctype: other,
      onCharacter: told,
      onNullCharacter: told,
      onWhitespaceCharacter: told,
      onEof: () => {},
      onParseError: ({ code }) => {
        if (code === "eof-in-tag") unfinished = true;
      },
    },
  );
  tokenizer.write(html, true);
  if (unfinished && read < html.length) add("unfinished", "", read, html.length);
  return tokens;
}

/** The HTML without what the containers put before each line, such as `> `, and the way back from it to places in the text. */
function htmlOf(node: SyntaxNode, text: string): { html: string; placeOf: (offset: number) => number } {
  const parts: { at: number; start: number }[] = [];
  let html = "";
  for (const { type, start, end } of node.children) {
    if (type !== "htmlFlowData" && type !== "htmlTextData" && type !== "lineEnding" && type !== "lineEndingBlank")
      continue;
    parts.push({ at: html.length, start });
    html += text.slice(start, end);
  }
  return {
    html,
    placeOf: (offset) => {
      const part = parts.findLast(({ at }) => at <= offset);
      return part === undefined ? node.start : part.start + offset - part.at;
    },
  };
}

function attributeAt(
  { name, value, html, placeOf }: { name: string; value: string; html: string; placeOf: (offset: number) => number },
  place: Token.Location,
): HtmlAttribute {
  const whole = { name, value, start: placeOf(place.startOffset), end: placeOf(place.endOffset - 1) + 1 };
  const from = html.indexOf("=", place.startOffset + name.length) + 1;
  if (from === 0 || from > place.endOffset) return whole;
  const at = from + html.slice(from).search(/\S|$/);
  const quoted = html[at] === '"' || html[at] === "'";
  const [start, end] = quoted ? [at + 1, place.endOffset - 1] : [at, place.endOffset];
  if (end <= start) return whole;
  return { ...whole, written: { start: placeOf(start), end: placeOf(end - 1) + 1, quoted } };
}
