import { createHash } from "node:crypto";
import { canonicalJson } from "../policy/canonical-json.ts";
import type { PublishedList } from "./list-published.ts";
import type { PageTexts } from "./page-texts.ts";
import type { CatalogData, Published } from "./published.ts";

/** Resource tags of a public repository: SHA-256 of the logo that was sent last, and what the page was last made from and was then. */
export const LOGO_TAG = "ecr-autopilot:logo";
export const CATALOG_TAG = "ecr-autopilot:catalog";

/** What a page is made from, as far as a sweep knows it without a look at any manifest. */
export interface PageInputs {
  readonly uri: string;
  readonly texts: PageTexts | undefined;
  readonly ruleDescription: string | undefined;
  readonly keys: Published["keys"];
  readonly list: PublishedList;
}

/** One text for what a page is made from. What has no tag counts, too: it may be a signature. */
export function inputsFingerprint({ list, ...inputs }: PageInputs): string {
  const tagged = list.tagged.map(({ digest, tags }) => `${digest} ${[...tags].sort().join(" ")}`);
  return hash({ ...inputs, tagged: tagged.sort(), untagged: [...list.untagged].sort() });
}

/**
 * Value of the tag once a page that was made from `inputs` reads as `present`. Whoever finds both as the tag says has nothing to do, even where
 * ECR Public has kept something else than was written. Without the logo's address, which may be another one each time.
 */
export function catalogTag(inputs: string, present: CatalogData): string {
  const { description, aboutText, usageText, architectures = [], operatingSystems = [] } = present;
  const badges = { architectures: [...architectures].sort(), operatingSystems: [...operatingSystems].sort() };
  return `${inputs}-${hash({ description, aboutText, usageText, ...badges })}`;
}

/** 128 bits in hex: a tag's value has 256 characters (API model), and room for both. */
function hash(value: object): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 32);
}
