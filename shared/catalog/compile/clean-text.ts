import { LONGEST_TEXT } from "../page-texts.ts";
import type { FindingList } from "./finding-list.ts";

/** Ours, and many times what a page shows: reading Markdown takes seconds from here on. */
const LARGEST_BYTES = 512 * 1024;

/** Control characters but tab and line end, and halves of characters. */
const NO_TEXT = /[^\P{Cc}\t\n]|\p{Cs}/gu;

/** Bytes of a file as text; undefined, with a finding, for what is no UTF-8 or too large to be read. */
export function decodeText(bytes: Uint8Array, findings: FindingList): string | undefined {
  if (bytes.length > LARGEST_BYTES) {
    findings.add(
      "text-size",
      `has ${bytes.length} bytes and is not used; a page shows ${LONGEST_TEXT} characters, and more than ${LARGEST_BYTES} bytes are not read`,
    );
    return undefined;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    findings.add("text-encoding", "is not UTF-8 and is not used; save it as UTF-8");
    return undefined;
  }
}

/**
 * A text with LF line ends, without a BOM, without control characters (tabs stay) and unpaired surrogates, of which there is a finding, and
 * without empty lines before and after it.
 */
export function cleanText(text: string, findings: FindingList): string {
  const lines = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const [first, ...more] = lines.matchAll(NO_TEXT);
  if (first === undefined) return trimLines(lines);
  const code = first[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  findings.add(
    "text-characters",
    `the character U+${code}${more.length > 0 ? `, and ${more.length} more like it,` : ""} was taken out: it is no text`,
    lines.slice(0, first.index).split("\n").length,
  );
  return trimLines(lines.replace(NO_TEXT, ""));
}

/** Without empty lines at the beginning; its first line keeps its indentation, which may mean something. */
export function trimLines(text: string): string {
  const start = text.search(/[^\s]/);
  if (start < 0) return "";
  return text.slice(text.lastIndexOf("\n", start) + 1).trimEnd();
}
