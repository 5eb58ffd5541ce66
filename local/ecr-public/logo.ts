/** The logo of a public repository: what is taken as one, and the address at which it is shown. */
import { createHash } from "node:crypto";
import { invalidParameter } from "../aws/refusals.ts";
import type { Registry } from "../store/store.ts";
import { settingsOf } from "./settings.ts";

/** Pixels, each side; bytes are limited by the input's shape. Public user guide, "Repository catalog data". */
const smallestSide = 60;
const largestSide = 2048;
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Error: InvalidParameterException for bytes that do not begin as a PNG, or a picture too small or too large (texts assumed). */
export function checkLogo(png: Buffer): void {
  const field = "catalogData.logoImageBlob";
  // https://www.w3.org/TR/png-3/#5PNG-file-signature: the signature, then the IHDR chunk with width and height.
  const isPng = png.length >= 24 && png.subarray(0, 8).equals(signature) && png.toString("latin1", 12, 16) === "IHDR";
  if (!isPng) throw invalidParameter(field, "The logo must be a PNG image");
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  if (Math.min(width, height) >= smallestSide && Math.max(width, height) <= largestSide) return;
  throw invalidParameter(
    field,
    `Each side of the logo must have between ${smallestSide} and ${largestSide} pixels, not ${width} x ${height}`,
  );
}

/** Path at the public host: `/logo/<repository>/<first 32 digits of the sha256>.png`, another one for another picture. */
export function logoPath(repositoryName: string, png: string): string {
  const name = createHash("sha256").update(Buffer.from(png, "base64")).digest("hex").slice(0, 32);
  return `/logo/${repositoryName}/${name}.png`;
}

/** The PNG at such a path, for whoever serves the public host; undefined when it is not (or no longer) there. */
export function findLogo(registry: Registry, path: string): Buffer | undefined {
  const repositoryName = /^\/logo\/(.+)\/[0-9a-f]{32}\.png$/.exec(path)?.[1];
  const record = repositoryName === undefined ? undefined : registry.repository(repositoryName);
  if (repositoryName === undefined || record === undefined) return undefined;
  const logo = settingsOf(record).catalogData?.logo;
  return logo !== undefined && logoPath(repositoryName, logo) === path ? Buffer.from(logo, "base64") : undefined;
}
