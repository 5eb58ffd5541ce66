/** Where a repository lies on disk: `SIDE/NAME` is itself an OCI image layout, so that `skopeo copy oci:DIR/private/team/web:1.0` works. */
import { join } from "node:path";

/** Entries of a repository's directory that are not a repository below it. Names of repositories never begin with `_`. */
export const layoutEntries = { marker: "oci-layout", index: "index.json", blobs: "blobs" } as const;
export const ownEntries = { record: "_record.json", uploads: "_uploads", documents: "_documents" } as const;

/** What file systems allow is 255 bytes; a name of 256 characters without a slash is a name for ECR. */
const longestPiece = 200;

/**
 * Directory of a repository. A part that a layout has for itself (`blobs`) gets a `+`, and a part that is too long is cut at a `+`;
 * no name has that character. Error: for a name that no registry takes, so that no name leads out of the store.
 */
export function repositoryPath(side: string, name: string): string {
  return join(side, ...name.split("/").flatMap(piecesOf));
}

function piecesOf(part: string): string[] {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(part)) throw new Error(`'${part}' cannot be part of the name of a repository`);
  const pieces: string[] = [];
  for (let at = 0; at < part.length; at += longestPiece) pieces.push(part.slice(at, at + longestPiece));
  const reserved: readonly string[] = Object.values(layoutEntries);
  return pieces.map((piece, index) => (index < pieces.length - 1 || reserved.includes(piece) ? `${piece}+` : piece));
}

export function blobsPath(directory: string): string {
  return join(directory, layoutEntries.blobs, "sha256");
}

/** `digest`: `sha256:<hex>`, checked by the core. */
export function blobPath(directory: string, digest: string): string {
  return join(blobsPath(directory), digest.slice("sha256:".length));
}
