import type { Terminal } from "./terminal.ts";

/** SGR codes of a terminal's own colours. */
const CODES = { green: 32, yellow: 33, red: 31 } as const;

/** What each word of an outcome means to a reader; others stay as they are. */
const COLOUR_OF: Readonly<Record<string, keyof typeof CODES>> = {
  mirrored: "green",
  unchanged: "green",
  created: "green",
  governed: "green",
  conforms: "green",
  updated: "green",
  pending: "yellow",
  blocked: "yellow",
  requested: "yellow",
  "only-public": "yellow",
  differs: "yellow",
  conflict: "red",
  refused: "red",
  failed: "red",
  misnamed: "red",
};

/** A word of an outcome in its colour, where the terminal has colours. */
export function coloured({ hasColours }: Terminal, word: string): string {
  const colour = COLOUR_OF[word];
  return hasColours && colour !== undefined ? `\u001b[${CODES[colour]}m${word}\u001b[39m` : word;
}
