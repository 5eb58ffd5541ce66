import { parse, postprocess, preprocess } from "micromark";
import { frontmatter } from "micromark-extension-frontmatter";
import { gfm } from "micromark-extension-gfm";

/** One construct of a Markdown text, with its exact place in UTF-16 units. Types are micromark's: `link`, `codeFenced`, `htmlText`. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly children: readonly SyntaxNode[];
}

/**
 * The constructs of a text in GitHub's Markdown, with front matter. Takes a text without CR and without a BOM, of which offsets would be
 * told wrongly. Deep nesting in the text is deep nesting here: walk it with `descendants`, not by recursion.
 */
export function syntaxTree(markdown: string): SyntaxNode {
  const parser = parse({ extensions: [gfm(), frontmatter(["yaml", "toml"])] });
  const events = postprocess(parser.document().write(preprocess()(markdown, undefined, true)));
  const root = { type: "root", start: 0, end: markdown.length, line: 1, children: [] as SyntaxNode[] };
  const open = [root];
  for (const [way, { type, start, end }] of events) {
    if (way === "exit") {
      open.pop();
      continue;
    }
    const node = { type, start: start.offset, end: end.offset, line: start.line, children: [] as SyntaxNode[] };
    open.at(-1)?.children.push(node);
    open.push(node);
  }
  return root;
}

/** All constructs within one, itself included, in the order of the text. `enter` says whether to look into one. */
export function* descendants(
  node: SyntaxNode,
  enter: (node: SyntaxNode) => boolean = () => true,
): Generator<SyntaxNode> {
  const waiting = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    if (enter(next)) for (let index = next.children.length - 1; index >= 0; index--) waiting.push(child(next, index));
  }
}

function child(node: SyntaxNode, index: number): SyntaxNode {
  return node.children[index] as SyntaxNode;
}

/** The first construct of this type within another. */
export function within(node: SyntaxNode, type: string): SyntaxNode | undefined {
  for (const inner of descendants(node)) if (inner.type === type) return inner;
  return undefined;
}
