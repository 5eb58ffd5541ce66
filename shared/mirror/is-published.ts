import type { PublishRequest } from "./decide-publication.ts";
import type { PublishDeps } from "./publish-image.ts";

/**
 * Whether all selected tags are public with the digest already, by two calls at most, both to the public side; nothing is written. False in
 * doubt: what is about an image, and an index of which a rule takes some platforms only, are not seen by the image's own digest.
 * Errors: AutopilotError.
 */
export async function isPublished(
  { destination }: Pick<PublishDeps, "destination">,
  { image, rule, selection, accessories }: PublishRequest,
): Promise<boolean> {
  if (accessories || rule.platforms !== undefined) return false;
  const there = await destination(selection.destination, { create: false });
  const published = await there?.tagsOf(image.digest, selection.tags);
  return selection.tags.every((tag) => published?.includes(tag) === true);
}
