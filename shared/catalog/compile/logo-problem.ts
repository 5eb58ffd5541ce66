import { crc32 } from "node:zlib";

/** Public user guide, "Repository catalog data"; bytes: API model, LogoImageBlob. */
const LARGEST_BYTES = 512_000;
const SMALLEST_SIDE = 60;
const LARGEST_SIDE = 2_048;
/** https://www.w3.org/TR/png-3/#5PNG-file-signature */
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Length, type and CRC of a chunk, beside its data. https://www.w3.org/TR/png-3/#5Chunk-layout */
const CHUNK_FRAME = 12;

/** Which rule the bytes of a logo break, and in which way; undefined for what ECR Public takes. Looks at the frame of the PNG, not at its pixels. */
export function logoProblem(bytes: Uint8Array): { rule: string; message: string } | undefined {
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (png.length > LARGEST_BYTES) {
    return { rule: "logo-bytes", message: `has ${png.length} bytes; ECR Public takes ${LARGEST_BYTES} at most` };
  }
  if (!png.subarray(0, SIGNATURE.length).equals(SIGNATURE)) {
    return { rule: "logo-format", message: `is no PNG image${otherFormat(png)}; save it as PNG` };
  }
  const header = chunkAt(png, SIGNATURE.length);
  if (header?.type !== "IHDR" || header.data.length !== 13 || !header.whole) {
    return { rule: "logo-format", message: "is a PNG image without a sound header; save it anew" };
  }
  if (!endsAsItShould(png)) return { rule: "logo-format", message: "is a PNG image that is cut off; save it anew" };

  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  if (Math.min(width, height) >= SMALLEST_SIDE && Math.max(width, height) <= LARGEST_SIDE) return undefined;
  return {
    rule: "logo-size",
    message: `is ${width} x ${height} pixels; ECR Public takes ${SMALLEST_SIDE} to ${LARGEST_SIDE} a side`,
  };
}

/** A chunk; `whole` says whether its checksum is right. Undefined where the bytes end before it does. */
function chunkAt(png: Buffer, at: number): { type: string; data: Buffer; whole: boolean } | undefined {
  if (at + CHUNK_FRAME > png.length) return undefined;
  const end = at + 8 + png.readUInt32BE(at);
  if (end + 4 > png.length) return undefined;
  return {
    type: png.toString("latin1", at + 4, at + 8),
    data: png.subarray(at + 8, end),
    whole: crc32(png.subarray(at + 4, end)) === png.readUInt32BE(end),
  };
}

function endsAsItShould(png: Buffer): boolean {
  let at = SIGNATURE.length;
  for (let chunk = chunkAt(png, at); chunk !== undefined; chunk = chunkAt(png, at)) {
    if (chunk.type === "IEND") return true;
    at += CHUNK_FRAME + chunk.data.length;
  }
  return false;
}

/** What it is instead, of what people take for one. */
function otherFormat(bytes: Buffer): string {
  const start = bytes.toString("latin1", 0, 12);
  if (start.startsWith("\xff\xd8\xff")) return " but JPEG";
  if (start.startsWith("GIF8")) return " but GIF";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return " but WebP";
  if (start.trimStart().startsWith("<")) return " but SVG or other text";
  return "";
}
