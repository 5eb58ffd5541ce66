/** What a text of an image may not hold, in words that follow "has". */
const FORBIDDEN = {
  "lone-surrogate": [/\p{Cs}/gu, "halves of characters (lone surrogates)"],
  "control-character": [/(?!\s)\p{Cc}/gu, "control characters"],
  // Embeddings, overrides and isolates, which make a text look like another one; marks, which right-to-left text needs, may stay.
  "bidi-control": [/[\u202a-\u202e\u2066-\u2069]/g, "characters that turn the direction of text"],
} as const;

export type TextRule = keyof typeof FORBIDDEN;

/**
 * The text in one line, without what it may not hold, and the rules that it broke. Any run of white space is one space: what has lines is
 * for the policy to give.
 */
export function cleanText(text: string): { readonly text: string; readonly broken: readonly TextRule[] } {
  let kept = text;
  const broken = (Object.keys(FORBIDDEN) as TextRule[]).filter((rule) => {
    const before = kept.length;
    kept = kept.replace(FORBIDDEN[rule][0], "");
    return kept.length < before;
  });
  return { text: kept.replace(/\s+/g, " ").trim(), broken };
}

export function inWords(rule: TextRule): string {
  return FORBIDDEN[rule][1];
}
