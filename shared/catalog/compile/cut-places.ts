import type { SyntaxNode } from "./syntax-tree.ts";
import { wordEnds } from "./word-ends.ts";

/** A block of more characters than this is also ended within: no more of a page than this is lost for a good end. */
const LONG = 2_000;
/** Blocks within each other, deeper than which none is looked into. */
const DEEPEST = 20;

const BLOCKS: ReadonlySet<string> = new Set(
  "content paragraph blockQuote listOrdered listUnordered codeFenced codeIndented htmlFlow table tableBody tableRow thematicBreak gfmFootnoteDefinition".split(
    " ",
  ),
);

/**
 * Where a text may end, in its order: after a block; within a long one after a block in it, such as a list's item or a table's row; in a long paragraph
 * after a word. Never after a heading, which would stand without what it is for, nor within code or HTML.
 */
export function cutPlaces(tree: SyntaxNode, text: string): number[] {
  return [...new Set(placesIn(tree, text, 0))];
}

function* placesIn(parent: SyntaxNode, text: string, depth: number): Generator<number> {
  for (const node of parent.children) {
    if (!BLOCKS.has(node.type)) continue;
    if (node.end - node.start > LONG && depth < DEEPEST) {
      if (node.type === "paragraph") yield* wordEnds(node, text);
      else if (node.type !== "tableRow") yield* placesIn(node, text, depth + 1);
    }
    yield node.end;
  }
}
