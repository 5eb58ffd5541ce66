/** HTML that is safe to send, because whatever is put into a template is escaped, unless it is such HTML itself. */

/** Made by `html` and `trusted` only; data that looks like it is not an instance, and so is escaped. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

/** `undefined` leaves nothing behind; the parts of an array follow each other. */
export type Part = Html | string | number | undefined | readonly Part[];

/** Template tag. A part is safe between tags and in a quoted attribute; an address must also be one of our own making. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(literals.reduce((markup, literal, index) => markup + markupOf(parts[index - 1]) + literal));
}

/** Takes markup as it is. Only for the output of a renderer that escapes by itself. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The text with what HTML reads as its own replaced by entities. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

function markupOf(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Html) return part.markup;
  if (Array.isArray(part)) return part.map(markupOf).join("");
  return escaped(String(part));
}
