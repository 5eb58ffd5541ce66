import { isCompanionTag } from "../policy/companion-tag.ts";
import { compareVersions, parseVersion, type Version } from "../policy/version.ts";
import { isDigest } from "../registry/digest.ts";
import type { PublishedImage } from "./published.ts";

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests; nothing else is ever put into a text. */
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

type Dated = Pick<PublishedImage, "digest" | "tags" | "pushedAt">;

/**
 * The images that somebody would pull, newest first: those with a version from the highest down, then the others from the last push
 * down. An image counts with its highest version. `tags` are without those that hold signatures and the like; an image that has no
 * other is left out.
 */
export function newestFirst<Image extends Dated>(images: readonly Image[]): Image[] {
  return images
    .filter(({ digest }) => isDigest(digest))
    .map((image) => ({ ...image, tags: shownTags(image.tags) }))
    .filter(({ tags }) => tags.length > 0)
    .sort(byAge);
}

/**
 * The image that the page is about, with its labels and its pull commands: the highest version that is no pre-release, else the first of
 * `newestFirst`; undefined where nothing is tagged.
 */
export function imageOfPage<Image extends Dated>(images: readonly Image[]): Image | undefined {
  const ordered = newestFirst(images);
  return ordered.find(({ tags }) => tags.some((tag) => parseVersion(tag)?.prerelease.length === 0)) ?? ordered[0];
}

/** Highest version first, then `latest`, then the others by name. */
function shownTags(tags: readonly string[]): string[] {
  return tags
    .filter((tag) => TAG.test(tag) && !isCompanionTag(tag))
    .sort(
      (a, b) =>
        byVersion(parseVersion(a), parseVersion(b)) ||
        Number(b === "latest") - Number(a === "latest") ||
        (a < b ? -1 : Number(a > b)),
    );
}

function byAge(a: Dated, b: Dated): number {
  const versionOf = ({ tags }: Dated) => parseVersion(tags[0] ?? "");
  // A push whose time is not known is the last one: it is so new that no list has it yet.
  const timeOf = ({ pushedAt }: Dated) => pushedAt?.getTime() ?? Number.MAX_VALUE;
  return byVersion(versionOf(a), versionOf(b)) || timeOf(b) - timeOf(a) || (a.digest < b.digest ? -1 : 1);
}

/** Highest first, and what is no version last. */
function byVersion(a: Version | undefined, b: Version | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareVersions(b, a);
}
