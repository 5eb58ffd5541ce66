import MarkdownIt from "markdown-it";

export interface Rendered {
  /** Names of the elements in the HTML, each once, sorted. */
  readonly elements: string[];
  /** Text of each block that has some, with entities and line breaks as they stand. */
  readonly texts: string[];
  /** Where links lead. */
  readonly links: string[];
}

/** What becomes of a text where Markdown is read as generously as it can be: HTML is HTML, bare addresses are links, tables are tables. */
export function rendered(text: string): Rendered {
  const markdown = new MarkdownIt({ html: true, linkify: true });
  markdown.validateLink = () => true;
  const tokens = markdown.parse(text, {});
  const inner = tokens.flatMap((token) => token.children ?? []);
  const all = [...tokens, ...inner];
  return {
    elements: [...new Set(all.map(({ tag, type }) => (type.startsWith("html") ? type : tag)))].filter(Boolean).sort(),
    texts: tokens
      .filter(({ type }) => type === "inline")
      .map(({ children }) => (children ?? []).map(({ content }) => content).join("")),
    links: inner.filter(({ type }) => type === "link_open").map((token) => String(token.attrGet("href"))),
  };
}
