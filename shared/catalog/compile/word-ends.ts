import type { SyntaxNode } from "./syntax-tree.ts";

/** Where no space is for so long, as in Chinese, Japanese or Thai, a text may also end between two words that none separates. */
const LONGEST_WORD = 100;
/** After one of these the rest of a line would be read as a rule, a heading or a list, or they are half of something. */
const NOT_LAST = "-=*_#+|~`<>[(\\:";

/**
 * Where a paragraph may end early: in its plain text, so not within a link, an image, emphasis, code or HTML, before a space or between two
 * words, and never within a character as readers see it (a grapheme cluster).
 */
export function wordEnds(paragraph: SyntaxNode, text: string): number[] {
  const ends: number[] = [];
  let last = paragraph.start;
  for (const node of paragraph.children) {
    if (node.type === "lineEnding") ends.push(node.start);
    if (node.type === "data")
      for (const end of endsIn(text.slice(node.start, node.end), last - node.start)) ends.push(node.start + end);
    last = ends.at(-1) ?? last;
  }
  return ends.filter((end) => end > paragraph.start && !NOT_LAST.includes(text.charAt(end - 1)));
}

/** `before`: where the last place to end was, seen from this text. */
function* endsIn(text: string, before: number): Generator<number> {
  const characters = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text);
  let last = before;
  let space = false;
  for (const { index, segment } of new Intl.Segmenter("en", { granularity: "word" }).segment(text)) {
    const isSpace = segment.trim() === "";
    const first = isSpace ? !space : index > 0 && index - last > LONGEST_WORD;
    space = isSpace;
    if (!first || characters.containing(index)?.index !== index) continue;
    last = index;
    yield index;
  }
}
