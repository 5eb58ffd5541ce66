import { MEDIA_TYPES } from "../registry/manifest.ts";

/** Whether a manifest of this media type may name other manifests; one whose type nobody tells may. */
export function isIndexType(mediaType: string | undefined): boolean {
  return mediaType === undefined || mediaType === MEDIA_TYPES.ociIndex || mediaType === MEDIA_TYPES.dockerList;
}
