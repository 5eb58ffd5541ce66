/** What the policy says of public gallery pages, as the build writes it beside the code of sync-catalog. All of it is plain JSON. */

/** A link or image address that is relative in the source text. It becomes absolute when the source of the image is known. */
export interface RelativeAddress {
  /** The address, decoded: `docs/a b.md?x=1#y`. */
  readonly relative: string;
  /** As it stands in the text, for when no source is known. */
  readonly written: string;
  readonly kind: "page" | "image";
}

/** A place where the text may end. */
export interface Cut {
  /** End tags of the HTML elements that are open here, one on a line; mostly empty. */
  readonly cut: string;
}

/** One piece of a compiled Markdown text. A string stands as it is. */
export type Piece = string | RelativeAddress | Cut;

export function isCut(piece: Piece): piece is Cut {
  return typeof piece === "object" && "cut" in piece;
}

export function isRelative(piece: Piece): piece is RelativeAddress {
  return typeof piece === "object" && "relative" in piece;
}

/** A link reference definition, which a text that ends before it needs for the references before its end. */
export interface Definition {
  /** Number of the piece with the first reference to it. */
  readonly used: number;
  /** Number of the piece where it stands; the number of pieces when it stands in what was dropped. */
  readonly stands: number;
  readonly pieces: readonly (string | RelativeAddress)[];
}

/** A Markdown text, made safe and ready to be ended at a limit. Rendered by `renderText`. */
export interface CompiledText {
  /** None clears what stands on the page. */
  readonly pieces: readonly Piece[];
  readonly definitions?: readonly Definition[];
  /** Whether the pieces end before the text did: the rest is beyond what a page takes. They end at a cut then. */
  readonly dropped?: boolean;
}

/** Something wrong with what the policy gives for a page; the page is made of the rest. */
export interface CatalogFinding {
  /** As seen from the policy's folder: `catalog/team-a-api/logo.png`; for the policy's own section `catalog.repositories[0].about`. */
  readonly file: string;
  /** Name of the rule: `logo-size`. */
  readonly rule: string;
  readonly message: string;
}

/** What the policy says of one public page. A field that is not there is not given: other sources decide. */
export interface PageTexts {
  /** Plain text of 1,024 characters at most; "" clears. */
  readonly description?: string;
  readonly about?: CompiledText;
  readonly usage?: CompiledText;
  /** SHA-256 in hex of the PNG, whose bytes `catalogFiles(…).logo` gives. */
  readonly logo?: { readonly sha256: string };
  /** Where relative links lead, when the policy gives it; otherwise the image's `org.opencontainers.image.source`. */
  readonly source?: string;
  readonly findings: readonly CatalogFinding[];
}

/** Characters that ECR Public takes in a description, and in each of about and usage. API model: RepositoryDescription, AboutText, UsageText. */
export const LONGEST_DESCRIPTION = 1_024;
export const LONGEST_TEXT = 25_600;
