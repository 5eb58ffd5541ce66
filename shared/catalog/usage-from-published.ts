import { isRunnable } from "./badges.ts";
import { GENERATED_LINE } from "./generated.ts";
import { imageOfPage, newestFirst } from "./image-order.ts";
import { LONGEST_TEXT } from "./page-texts.ts";
import type { Published, PublishedImage } from "./published.ts";
import { verificationText } from "./verification-text.ts";

/** Bounds of ours, so that the parts before the list of tags take less than half of the text whatever was published. */
const MOST_PLATFORMS = 40;
const MOST_TAGS_OF_AN_IMAGE = 10;

type Image = Pick<PublishedImage, "digest" | "tags" | "platforms">;

/**
 * A usage text in Markdown, of at most 25,600 characters, from what is public now: pull commands by tag and by digest, platforms,
 * signatures, and as many tags as fit, newest first. Undefined where nothing is tagged. Ends with the generated line. Only names in
 * the registries' own alphabets come into it, so there is nothing to escape.
 */
export function usageFromPublished(published: Published): string | undefined {
  const images = newestFirst(published.images);
  const first = imageOfPage(images);
  if (first === undefined) return undefined;
  const before = [
    pullText(published.uri, first),
    platformsText(first, images),
    verificationText(published, images),
  ].filter((text) => text !== undefined);
  const others = [...before, GENERATED_LINE].reduce((sum, text) => sum + text.length + 2, 0);
  return [...before, tagsText(images, LONGEST_TEXT - others), GENERATED_LINE].join("\n\n");
}

function pullText(uri: string, { tags, digest }: Image): string {
  return `## Pull

${shell(`docker pull ${uri}:${tags[0]}`)}

A tag may lead to another image tomorrow; a digest is always the same one:

${shell(`docker pull ${uri}@${digest}`)}`;
}

/** All platforms, and with those that the image of the page does not have the newest tag that does. */
function platformsText(first: Image, images: readonly Image[]): string | undefined {
  const tagOf = new Map<string, string | undefined>();
  for (const image of [first, ...images]) {
    for (const platform of platformsOf(image)) {
      if (!tagOf.has(platform)) tagOf.set(platform, image === first ? undefined : image.tags[0]);
    }
  }
  if (tagOf.size === 0) return undefined;
  const lines = [...tagOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([platform, tag]) => `- \`${platform}\`${tag === undefined ? "" : ` as \`${tag}\``}`);
  return ["## Supported platforms\n", ...lines.slice(0, MOST_PLATFORMS), ...more(lines.length - MOST_PLATFORMS)].join(
    "\n",
  );
}

/** As docker writes them: without the variant that all of an architecture have. https://github.com/containerd/platforms, Normalize */
function platformsOf({ platforms }: Image): string[] {
  return platforms
    .filter(isRunnable)
    .map(({ os, architecture, variant = "" }) => [os, architecture, variant].filter(Boolean).join("/"))
    .map((platform) => platform.replace(/\/arm64\/v8$/, "/arm64").replace(/\/amd64\/v1$/, "/amd64"))
    .filter((platform) => /^[a-z0-9][a-z0-9._/-]{0,63}$/.test(platform));
}

function tagsText(images: readonly Image[], room: number): string {
  const lines = images.map(({ tags, digest }) => {
    const shown = tags.slice(0, MOST_TAGS_OF_AN_IMAGE).map((tag) => `\`${tag}\``);
    const rest = tags.length - shown.length;
    return `- ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}: \`${digest}\``;
  });
  const text = ["## Tags\n"];
  // What has to fit beside a line: its line end, and the line that counts the rest.
  let left = room - "## Tags\n\n".length - "- and 10000 more\n".length;
  while (text.length <= lines.length) {
    const line = lines[text.length - 1] ?? "";
    if (line.length + 1 > left) break;
    left -= line.length + 1;
    text.push(line);
  }
  return [...text, ...more(lines.length - text.length + 1)].join("\n");
}

function more(count: number): string[] {
  return count > 0 ? [`- and ${count} more`] : [];
}

function shell(command: string): string {
  return `\`\`\`sh\n${command}\n\`\`\``;
}
