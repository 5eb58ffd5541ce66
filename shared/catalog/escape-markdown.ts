/**
 * Text as Markdown that shows this very text: no HTML, link, heading, list, emphasis, code or table comes of it. Every character in
 * which CommonMark, GitHub's extensions or a linkifier may see something has a backslash before it, which may stand before any ASCII
 * punctuation; of hyphens only those that are not within a word. Takes one line (`cleanText`).
 * https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export function escapeMarkdown(line: string): string {
  return line.replace(/(?<![\p{L}\p{N}])-|-(?![\p{L}\p{N}])|[!#$&()*+./:<=>@[\\\]^_`{|}~]/gu, "\\$&");
}
