import type { CompiledText } from "../page-texts.ts";
import { trimLines } from "./clean-text.ts";
import { cutPlaces } from "./cut-places.ts";
import { editText } from "./edit-text.ts";
import type { FindingList } from "./finding-list.ts";
import { type HtmlMarks, htmlMarks } from "./html-marks.ts";
import { type LinkMarks, linkMarks } from "./link-marks.ts";
import type { CutMark, Edit } from "./marks.ts";
import { openElements } from "./open-elements.ts";
import { type SyntaxNode, syntaxTree } from "./syntax-tree.ts";
import { textPieces } from "./text-pieces.ts";
import { usefulPart } from "./useful-part.ts";

/** What is taken out may bring together what was apart, so a text is read again until nothing is left to take out. */
const MOST_READINGS = 12;
/** Elements that are shown whole or not at all. */
const WHOLE_ELEMENTS: ReadonlySet<string> = new Set(
  "a code pre picture video audio summary button h1 h2 h3 h4 h5 h6".split(" "),
);

/**
 * Compiles a Markdown text for a public page, when the functions are built. The text is edited where it stands, never written anew:
 *
 * - front matter goes; script, style, embedded pages, event attributes and comments go, with a finding;
 * - addresses that are no http, https or mailto ones go, with a finding; relative ones become pieces, and `//host` ones https;
 * - marks say where the text may end, and what no page can show is dropped, but for the definitions that the rest needs.
 *
 * Takes a clean text (`cleanText`). Gives undefined, with a finding, for a text in which what must go is hidden deeper than `MOST_READINGS`.
 */
export function compileText(markdown: string, findings: FindingList): CompiledText | undefined {
  const useful = usefulPart(markdown);
  let text = trimLines(useful.text);
  for (let reading = 1; reading <= MOST_READINGS; reading++) {
    const tree = syntaxTree(text);
    const links = linkMarks(tree, text, findings);
    const html = htmlMarks(tree, text, findings);
    const edits = [...frontMatter(tree), ...links.edits, ...html.edits];
    if (edits.length === 0)
      return textPieces(text, { ...relativesOf(links, html), cuts: cuts(tree, text, html) }, useful.more);
    text = trimLines(editText(text, edits));
  }
  findings.add("text-nesting", "is not used: what a page must not have is hidden in it too deep; write it plainly");
  return undefined;
}

function frontMatter({ children: [first] }: SyntaxNode): Edit[] {
  return first?.type === "yaml" || first?.type === "toml" ? [{ start: first.start, end: first.end, text: "" }] : [];
}

function relativesOf({ definitions, relatives }: LinkMarks, html: HtmlMarks) {
  return { definitions, relatives: [...relatives, ...html.relatives] };
}

function cuts(tree: SyntaxNode, text: string, { tags }: HtmlMarks): CutMark[] {
  const openAt = openElements(tags);
  return cutPlaces(tree, text).flatMap((at) => {
    const open = openAt(at);
    if (open === undefined || open.some((name) => WHOLE_ELEMENTS.has(name))) return [];
    return {
      at,
      closing: [...open]
        .reverse()
        .map((name) => `</${name}>`)
        .join("\n"),
    };
  });
}
