import {
  type CompiledText,
  type Definition,
  isCut,
  LONGEST_TEXT,
  type Piece,
  type RelativeAddress,
} from "../page-texts.ts";
import type { UsedDefinition } from "./link-marks.ts";
import type { CutMark, RelativeMark } from "./marks.ts";
import { oneLine } from "./one-line.ts";
import type { SyntaxNode } from "./syntax-tree.ts";

/**
 * Splits a text into pieces at its relative addresses and at the places where it may end, and drops what is beyond the longest text that a page
 * takes. `more` says that the text went on, and was dropped before.
 */
export function textPieces(
  text: string,
  marks: { relatives: readonly RelativeMark[]; cuts: readonly CutMark[]; definitions: readonly UsedDefinition[] },
  more: boolean,
): CompiledText {
  const pieces: Piece[] = [];
  /** Where in the text each piece begins. */
  const starts: number[] = [];
  let at = 0;
  const put = (start: number, piece: Piece) => {
    if (piece === "") return;
    pieces.push(piece);
    starts.push(start);
  };
  for (const { start, end, piece } of inOrder(marks, text)) {
    put(at, text.slice(at, start));
    put(start, piece);
    at = end;
  }
  put(at, text.slice(at));

  const end = endOfPieces(pieces, more);
  const numberOf = (place: number) =>
    starts.findLastIndex((start, index) => start <= place && !isCut(pieces[index] ?? ""));
  const definitions = marks.definitions
    .map(({ used, definition }): Definition => {
      const stands = Math.min(numberOf(definition.start), end);
      return { used: numberOf(used), stands, pieces: definitionPieces(definition, marks.relatives, text) };
    })
    .filter(({ used, stands }) => used < stands && used < end && pieces.slice(used, stands).some(isCut));
  return {
    pieces: pieces.slice(0, end),
    ...(definitions.length > 0 ? { definitions } : {}),
    ...(end < pieces.length || more ? { dropped: true } : {}),
  };
}

function inOrder({ relatives, cuts }: { relatives: readonly RelativeMark[]; cuts: readonly CutMark[] }, text: string) {
  const addresses = relatives.map((mark) => ({ start: mark.start, end: mark.end, piece: relativePiece(mark, text) }));
  const ends = cuts.map(({ at, closing }) => ({ start: at, end: at, piece: { cut: closing } }));
  return [...addresses, ...ends].sort((a, b) => a.start - b.start || a.end - b.end);
}

function relativePiece({ start, end, relative, kind }: RelativeMark, text: string): RelativeAddress {
  return { relative, written: text.slice(start, end), kind };
}

/** How many pieces may be shown: all when they may fit, otherwise those up to the last place to end that may be reached, with that. */
function endOfPieces(pieces: readonly Piece[], more: boolean): number {
  let length = 0;
  let end = 0;
  for (const [index, piece] of pieces.entries()) {
    if (isCut(piece)) end = index + 1;
    else length += typeof piece === "string" ? piece.length : piece.written.length;
    if (length > LONGEST_TEXT) return end;
  }
  return more ? end : pieces.length;
}

/** A definition on one line: what containers put before its lines is left out. */
function definitionPieces(
  definition: SyntaxNode,
  relatives: readonly RelativeMark[],
  text: string,
): (string | RelativeAddress)[] {
  const address = relatives.find(({ start, end }) => start >= definition.start && end <= definition.end);
  const line = (start: number, end: number) => oneLine(definition, text, start, end);
  if (address === undefined) return [line(definition.start, definition.end)];
  return [
    line(definition.start, address.start),
    relativePiece(address, text),
    line(address.end, definition.end),
  ].filter((piece) => piece !== "");
}
