/**
 * Text for a terminal: control characters as `\u001b`, since a reason may quote what others have sent, and a terminal obeys it. Line feeds stay.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === "\n" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
