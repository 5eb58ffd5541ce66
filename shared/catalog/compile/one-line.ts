import { descendants, type SyntaxNode } from "./syntax-tree.ts";

/** What containers put before a line: `> `, or spaces. */
const PREFIXES: ReadonlySet<string> = new Set(["blockQuotePrefix", "listItemIndent", "linePrefix"]);

/** A construct's text between two places, on one line, without what containers put before its lines. */
export function oneLine(node: SyntaxNode, text: string, from: number, to: number): string {
  let line = "";
  for (const { type, start, end, children } of descendants(node, ({ type }) => !PREFIXES.has(type))) {
    if (children.length > 0 || PREFIXES.has(type) || start < from || end > to) continue;
    line += type === "lineEnding" ? " " : text.slice(start, end);
  }
  return line;
}
