import { LONGEST_TEXT } from "../page-texts.ts";
import { oneLine } from "./one-line.ts";
import { descendants, type SyntaxNode, syntaxTree, within } from "./syntax-tree.ts";

/** As much again as a page shows may be taken out of it. */
const USEFUL = 2 * LONGEST_TEXT;
/** Read at once: the parser's time grows with the square of what it reads. */
const CHUNK = 16_000;

/**
 * The part of a long text of which a page can show something: its first blocks, and those link reference definitions behind them whose label stands in
 * them. `more` says whether anything was left out.
 */
export function usefulPart(text: string): { text: string; more: boolean } {
  if (text.length <= USEFUL) return { text, more: false };
  let end = 0;
  let words = "";
  const definitions: string[] = [];
  for (const { block, chunk, offset } of blocksOf(text)) {
    if (offset + block.start < USEFUL) {
      end = offset + block.end;
      continue;
    }
    if (words === "") words = comparable(text.slice(0, end));
    for (const node of descendants(block)) {
      const label = node.type === "definition" ? within(node, "definitionLabelString") : undefined;
      if (label !== undefined && words.includes(`[${comparable(chunk.slice(label.start, label.end))}]`))
        definitions.push(oneLine(node, chunk, node.start, node.end));
    }
  }
  if (end >= text.length) return { text, more: false };
  return { text: [text.slice(0, end), definitions.join("\n")].join("\n\n"), more: true };
}

/**
 * The blocks of a text, in order, read chunk by chunk: where one block ends, what comes before has no say in what comes after. The last block of a
 * chunk may go on behind it, and is read again with the next one.
 */
function* blocksOf(text: string): Generator<{ block: SyntaxNode; chunk: string; offset: number }> {
  let offset = 0;
  let size = CHUNK;
  while (offset < text.length) {
    const lineEnd = text.indexOf("\n", offset + size);
    const chunk = text.slice(offset, lineEnd < 0 ? text.length : lineEnd + 1);
    const isLast = offset + chunk.length >= text.length;
    const blocks = syntaxTree(chunk).children.filter(({ type }) => !isBetween(type));
    const whole = isLast ? blocks : blocks.slice(0, -1);
    for (const block of whole) yield { block, chunk, offset };
    if (isLast) return;
    const last = whole.at(-1);
    // One block fills the chunk: more of it has to be seen.
    size = last === undefined ? size * 2 : CHUNK;
    offset += last === undefined ? 0 : last.end;
  }
}

function isBetween(type: string): boolean {
  return type.startsWith("lineEnding") || type === "linePrefix";
}

/** Labels are the same whatever their case and spaces: https://spec.commonmark.org/0.31.2/#matches */
function comparable(text: string): string {
  return text.replace(/\s+/g, " ").trim().toLowerCase();
}
