/**
 * A text of somebody else for a line of a log or a plan: in quotation marks, at most `longest` characters of it from `start` on, and
 * nothing in it that is not seen, or that would turn the line round, but as its code.
 */
export function visible(text: string, longest: number, start = 0): string {
  const characters = [...text];
  const end = start + longest;
  const shown = characters
    .slice(start, end)
    .map((character) => (/["\\\p{C}\p{Zl}\p{Zp}]/u.test(character) ? codeOf(character) : character))
    .join("");
  return `${start > 0 ? "…" : ""}"${shown}"${characters.length > end ? "…" : ""}`;
}

function codeOf(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  if (character === "\n") return "\\n";
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
