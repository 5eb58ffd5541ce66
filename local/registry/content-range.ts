/** Ranges of bytes in headers. */
import type { IncomingMessage } from "node:http";
import { OciError } from "./oci-error.ts";

/** Both inclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Content-Range of a chunk: `<start>-<end>`, as OCI writes it, or with HTTP's `bytes `. Undefined without the header. Error:
 * BLOB_UPLOAD_INVALID for another form, or when the body's length is another.
 */
export function readContentRange(request: IncomingMessage): ByteRange | undefined {
  const header = request.headers["content-range"];
  if (header === undefined) return undefined;
  const [, start, end] = /^(?:bytes )?(\d+)-(\d+)(?:\/(?:\d+|\*))?$/.exec(header) ?? [];
  const range = { start: Number(start), end: Number(end) };
  const length = request.headers["content-length"];
  const isSound =
    start !== undefined &&
    range.start <= range.end &&
    Number.isSafeInteger(range.end) &&
    (length === undefined || Number(length) === range.end - range.start + 1);
  if (!isSound) {
    throw new OciError(
      400,
      "BLOB_UPLOAD_INVALID",
      `Content-Range '${header}' is not that of the ${length ?? "sent"} bytes`,
    );
  }
  return range;
}

/**
 * Range of a request for a blob of `size` bytes. "whole": without the header, or with one that need not be honoured (several ranges,
 * another unit). "unsatisfiable": past the end. https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
 */
export function readRange(header: string | undefined, size: number): ByteRange | "whole" | "unsatisfiable" {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return "whole";
  const last = size - 1;
  if (from === "")
    return Number(to) === 0 || size === 0 ? "unsatisfiable" : { start: Math.max(0, size - Number(to)), end: last };
  const range = { start: Number(from), end: to === "" ? last : Math.min(Number(to), last) };
  if (range.start > last) return "unsatisfiable";
  return to !== "" && Number(to) < range.start ? "whole" : range;
}
