import { MEDIA_TYPES, parseManifest } from "../registry/manifest.ts";
import type { MirrorSource, SourceImage } from "./source.ts";

const INDEX_TYPES: readonly (string | undefined)[] = [MEDIA_TYPES.ociIndex, MEDIA_TYPES.dockerList, undefined];
/** A child is scanned when it is pushed, shortly before its index: older ones are left to the back-fill. */
const RECENT_MS = 24 * 3_600_000;
const MOST_INDEXES = 50;

/**
 * The tagged indexes of a repository that name a child, among the fifty newest of the last day: a manifest does not say who names it. An
 * index whose time nobody knows counts as new. Errors: AutopilotError of the reads.
 */
export async function indexesNaming(
  source: MirrorSource,
  repository: string,
  child: string,
  now: Date,
): Promise<readonly string[]> {
  const recent: SourceImage[] = [];
  for await (const image of source.images(repository)) {
    const { pushedAt = now, mediaType } = image;
    if (INDEX_TYPES.includes(mediaType) && now.getTime() - pushedAt.getTime() <= RECENT_MS) recent.push(image);
  }
  const newest = recent
    .sort((one, other) => (other.pushedAt ?? now).getTime() - (one.pushedAt ?? now).getTime())
    .slice(0, MOST_INDEXES);
  const naming: string[] = [];
  for (const { digest } of newest) {
    const manifest = await source.client.getManifest(repository, digest);
    if (manifest === undefined) continue;
    const parsed = parseManifest(manifest.bytes, manifest.mediaType);
    if (parsed.kind === "index" && parsed.children.some((one) => one.digest === child)) naming.push(digest);
  }
  return naming;
}
