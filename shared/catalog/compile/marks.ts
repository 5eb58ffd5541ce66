/** What the compiler wants done at one place of a text. Places are in UTF-16 units. */

/** A replacement. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A relative address. */
export interface RelativeMark {
  readonly start: number;
  readonly end: number;
  /** Decoded. */
  readonly relative: string;
  readonly kind: "page" | "image";
}

/** A place where the text may end. */
export interface CutMark {
  readonly at: number;
  /** End tags of the HTML elements that are open there. */
  readonly closing: string;
}
