import { cleanText } from "./clean-text.ts";
import { LONGEST_DESCRIPTION } from "./page-texts.ts";

/** What the end of a word or sentence may depend on, in UTF-16 units behind it. */
const LOOK_AHEAD = 16;

/** A description for the gallery: one line of plain text, cleaned, of at most `limit` UTF-16 units. */
export function plainText(text: string, limit: number = LONGEST_DESCRIPTION): string {
  return shorten(cleanText(text).text, limit);
}

/**
 * A text that is longer than `limit` (UTF-16 units, at least 2) ends with an ellipsis: after the last sentence that fits, or after the
 * last word where that would lose more than half, or after the last character. A character is what a reader takes for one (grapheme
 * cluster, UAX #29); of one that alone is too long nothing is left.
 */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit + LOOK_AHEAD);
  const ends = new Set(endsOf(head, "grapheme"));
  const last = (granularity: "sentence" | "word" | "grapheme", room: number) =>
    endsOf(head, granularity).findLast((end) => end <= room && ends.has(end)) ?? 0;
  const sentence = last("sentence", limit - 2);
  if (sentence > limit / 2) return `${head.slice(0, sentence)} …`;
  const word = last("word", limit - 1);
  const end = word > limit / 2 ? word : last("grapheme", limit - 1);
  return `${head.slice(0, end).trimEnd()}…`;
}

/** Where the parts end, without the space behind them; the last one is left out, since it goes on behind `head`. */
function endsOf(head: string, granularity: "sentence" | "word" | "grapheme"): number[] {
  const parts = [...new Intl.Segmenter("en", { granularity }).segment(head)].slice(0, -1);
  return parts
    .filter(({ isWordLike = true }) => isWordLike)
    .map(({ index, segment }) => index + (granularity === "grapheme" ? segment : segment.trimEnd()).length);
}
