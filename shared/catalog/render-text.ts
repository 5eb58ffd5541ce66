import { addressText } from "./address-text.ts";
import { type CompiledText, type Cut, isCut, isRelative, LONGEST_TEXT, type RelativeAddress } from "./page-texts.ts";
import { absoluteAddress, type SourceAddress, sourceAddress } from "./source-address.ts";

export interface RenderOptions {
  /** Repository that the text comes from, as in `org.opencontainers.image.source`: relative addresses lead there. */
  readonly source?: string | undefined;
  /** Characters that the text may have, in UTF-16 units, of which no character has fewer than code points. */
  readonly limit?: number;
  /** Address where all of the text is, for a shortened one; the source when it is not given. Anything but an http or https address is left out. */
  readonly fullText?: string | undefined;
}

export interface RenderedText {
  readonly text: string;
  /** Whether the text is not all that was written; it ends with a line that says so then. */
  readonly shortened: boolean;
  /** Relative addresses that stayed so, since no source is known. */
  readonly unresolved: number;
}

/**
 * A compiled text as a page shows it: relative addresses made absolute, and ended at the last place that fits into the limit, with a pointer to the full
 * text. What ends early keeps what it needs: the end tags of open HTML elements, and the definitions of its references. Raises nothing.
 */
export function renderText(compiled: CompiledText, options: RenderOptions = {}): RenderedText {
  const { limit = LONGEST_TEXT } = options;
  const source = options.source === undefined ? undefined : sourceAddress(options.source);
  const parts = compiled.pieces.map((piece) => (isCut(piece) ? "" : write(piece, source)));
  const whole = parts.join("");
  if (compiled.dropped !== true && whole.length <= limit) return rendered(whole, parts.length, false);

  let shortened = { text: pointer(options), end: 0 };
  let length = 0;
  for (const [index, piece] of compiled.pieces.entries()) {
    length += parts[index]?.length ?? 0;
    if (length > limit) break;
    if (isCut(piece) && length + tail(piece, index).length <= limit)
      shortened = { text: tail(piece, index), end: index };
  }
  const { text, end } = shortened;
  const shown = parts.slice(0, end).join("").trimEnd();
  return rendered(text.length <= limit ? (shown + text).trimStart() : "", end, true);

  function rendered(text: string, end: number, shortened: boolean): RenderedText {
    const unresolved = source === undefined ? compiled.pieces.slice(0, end).filter(isRelative).length : 0;
    return { text, shortened, unresolved };
  }

  /** What follows on a text that ends at this cut. */
  function tail({ cut }: Cut, index: number): string {
    const definitions = (compiled.definitions ?? [])
      .filter(({ used, stands }) => used < index && stands > index)
      .map(({ pieces }) => pieces.map((piece) => write(piece, source)).join(""));
    const parts = [cut, definitions.join("\n"), pointer(options)].filter((part) => part !== "");
    return parts.map((part) => `\n\n${part}`).join("");
  }
}

function write(piece: string | RelativeAddress, source: SourceAddress | undefined): string {
  if (typeof piece === "string") return piece;
  const address = source === undefined ? undefined : absoluteAddress(source, piece.relative, piece.kind);
  return address === undefined ? piece.written : addressText(address);
}

function pointer({ fullText, source }: RenderOptions): string {
  const address = webPage(fullText) ?? webPage(source);
  return address === undefined
    ? "_This text is longer than a page can be, and was shortened._"
    : `_This text is longer than a page can be, and was shortened. [Read all of it](${address})._`;
}

function webPage(address: string | undefined): string | undefined {
  if (address === undefined || !/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  return addressText(new URL(address));
}
