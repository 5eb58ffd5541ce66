import { aboutFromLabels } from "./about-from-labels.ts";
import { badgesOf } from "./badges.ts";
import { isGenerated, isReplaceable } from "./generated.ts";
import { imageOfPage, newestFirst } from "./image-order.ts";
import { type ImageLabels, readLabels } from "./labels.ts";
import { type CatalogFinding, type CompiledText, LONGEST_TEXT, type PageTexts } from "./page-texts.ts";
import { plainText } from "./plain-text.ts";
import type { CatalogData, Published, WantedPage } from "./published.ts";
import { renderText } from "./render-text.ts";
import { usageFromPublished } from "./usage-from-published.ts";
import { repositoryAddress } from "./web-address.ts";

const TOO_LONG = `has more than the ${LONGEST_TEXT} characters that ECR Public takes, and ends at the last place that fits`;

/** Everything that a page is made of. */
export interface PageSources {
  /** What the policy's catalog says of it. */
  readonly texts: PageTexts | undefined;
  /** `repository.description` of the mirror rule that leads here. */
  readonly ruleDescription: string | undefined;
  readonly published: Published;
  readonly present: CatalogData;
}

/**
 * What the gallery page should say, each field from the first source that has it:
 *
 * - description: policy, mirror rule, label description, label title, what stands there;
 * - about: policy, made from labels, what stands there;
 * - usage: policy, made from what is public, what stands there;
 * - badges: platforms of all tagged images; what stands there where nothing is tagged;
 * - logo: policy.
 *
 * A text that is made up only takes the place of none, or of one that was made up before; and one that was made up is cleared once
 * there is nothing left to make it from, as it would tell of images that are gone. Making the page again from itself changes nothing.
 * Pure; never raises.
 */
export function wantedPage({ texts, ruleDescription, published, present }: PageSources): {
  readonly page: WantedPage;
  readonly findings: readonly CatalogFinding[];
} {
  const images = newestFirst(published.images);
  const sources = imageOfPage(images)?.labels;
  const { labels, findings } = readLabels(sources ?? {});
  const badges = badgesOf(images.flatMap(({ platforms }) => platforms));
  const broken: CatalogFinding[] = [];
  const written = (field: "about" | "usage", compiled: CompiledText) => {
    const source = texts?.source ?? labels.source;
    const fullText = (source && repositoryAddress(source).url) ?? labels.documentation;
    const { text, shortened, unresolved } = renderText(compiled, { source, fullText, limit: LONGEST_TEXT });
    if (shortened) broken.push({ file: field, rule: "text-too-long", message: TOO_LONG });
    if (unresolved > 0) {
      const message = `relative links and images stay as they are (${unresolved}): neither policy nor image tells their source`;
      broken.push({ file: field, rule: "relative-links", message });
    }
    return text;
  };
  // Labels that were not read say nothing, not even that there are none.
  const isAboutKnown = images.length === 0 || sources !== undefined;
  return {
    page: {
      description: description(texts?.description, ruleDescription, labels) ?? present.description ?? "",
      aboutText: texts?.about
        ? written("about", texts.about)
        : made(present.aboutText, isAboutKnown ? aboutFromLabels(labels) : present.aboutText),
      usageText: texts?.usage ? written("usage", texts.usage) : made(present.usageText, usageFromPublished(published)),
      architectures: images.length > 0 ? badges.architectures : (present.architectures ?? []),
      operatingSystems: images.length > 0 ? badges.operatingSystems : (present.operatingSystems ?? []),
      ...(texts?.logo && { logo: texts.logo }),
    },
    findings: [...(texts?.findings ?? []), ...findings, ...badges.findings, ...broken],
  };
}

/** An empty text of the policy clears; an empty one of any other source is none. */
function description(policy: string | undefined, rule: string | undefined, labels: ImageLabels): string | undefined {
  if (policy !== undefined) return plainText(policy);
  const given = [rule, labels.description, labels.title].map((text = "") => plainText(text));
  return given.find((text) => text !== "");
}

/** Of a generated text and what stands there: what a person wrote stays. */
function made(present = "", generated: string | undefined): string {
  if (generated !== undefined && isReplaceable(present)) return generated;
  return generated === undefined && isGenerated(present) ? "" : present;
}
