/** What ECR asks of a manifest beyond what the store checks for every registry. */
import { invalidParameter } from "../aws/refusals.ts";

const indexTypes: readonly string[] = [
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.index.v1+json",
];

/** Whether manifests of this media type list other manifests. */
export function isIndexType(mediaType: string): boolean {
  return indexTypes.includes(mediaType);
}

/**
 * Refuses an image without layers, as ECR does: InvalidParameterException at 'ImageManifest', which the registry endpoint tells as
 * 405 UNSUPPORTED with the same text (werf #2544; containers-roadmap #876 in 2023). What is no manifest at all is left to the store.
 */
export function checkManifest(bytes: Buffer): void {
  const layers = layersOf(bytes);
  if (layers?.length === 0) throw invalidParameter("ImageManifest", "Image has to have at least 1 layer");
}

function layersOf(bytes: Buffer): unknown[] | undefined {
  try {
    const manifest = JSON.parse(bytes.toString("utf8")) as { layers?: unknown } | null;
    return Array.isArray(manifest?.layers) ? manifest.layers : undefined;
  } catch {
    // Not JSON: the store says so, in the order of its checks.
    return undefined;
  }
}
