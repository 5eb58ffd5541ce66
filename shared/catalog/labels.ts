import { cleanText, inWords } from "./clean-text.ts";
import type { CatalogFinding } from "./page-texts.ts";
import { shorten } from "./plain-text.ts";
import type { LabelSources } from "./published.ts";
import { LONGEST_ADDRESS, repositoryAddress, type WebAddress, webAddress } from "./web-address.ts";

/** What an image says of itself: one line each, clean; addresses are http or https, and safe between `<` and `>`. */
export interface ImageLabels {
  readonly title?: string;
  readonly description?: string;
  readonly vendor?: string;
  readonly version?: string;
  readonly licenses?: string;
  readonly documentation?: string;
  /** Where the sources are, for people: without `.git`. */
  readonly source?: string;
}

type Field = keyof ImageLabels;

/** Longest values, in UTF-16 units; bounds of ours, far above what is in use. */
const LONGEST: Readonly<Record<Field, number>> = {
  title: 200,
  description: 4_000,
  vendor: 200,
  version: 200,
  licenses: 500,
  documentation: LONGEST_ADDRESS,
  source: LONGEST_ADDRESS,
};
const ADDRESSES: Readonly<Partial<Record<Field, (text: string) => WebAddress>>> = {
  documentation: webAddress,
  source: repositoryAddress,
};
const PLACES: Readonly<Record<keyof LabelSources, string>> = {
  index: "annotation of the index",
  manifest: "annotation of the manifest",
  config: "label of the image",
};

/**
 * Reads `org.opencontainers.image.*`, each field from the first place that has something usable for it. Never raises: what is wrong is
 * left out, and a finding for each rule that a value broke names the label as its file, and no byte of the value.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys
 */
export function readLabels(sources: LabelSources): {
  readonly labels: ImageLabels;
  readonly findings: readonly CatalogFinding[];
} {
  const labels: Partial<Record<Field, string>> = {};
  const findings: CatalogFinding[] = [];
  for (const field of Object.keys(LONGEST) as Field[]) {
    const label = `org.opencontainers.image.${field}`;
    for (const place of Object.keys(PLACES) as (keyof LabelSources)[]) {
      const report = (rule: string, words: string) =>
        findings.push({ file: label, rule, message: `the ${PLACES[place]} ${words}` });
      const value = readValue(field, memberOf(sources[place], label), report);
      if (value === undefined) continue;
      labels[field] = value;
      break;
    }
  }
  return { labels, findings };
}

/** Undefined where there is nothing, or nothing usable. */
function readValue(field: Field, value: unknown, report: (rule: string, words: string) => void): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string") {
    report("no-text", "is no text, and was left out");
    return undefined;
  }
  const { text, broken } = cleanText(value);
  for (const rule of broken) report(rule, `has ${inWords(rule)}, which were left out`);
  if (text === "") return undefined;
  const readAddress = ADDRESSES[field];
  if (readAddress !== undefined) {
    const address = readAddress(text);
    if (address.broken.includes("credentials"))
      report("credentials", "has a user or a password in its address, which were left out");
    if (address.url === undefined)
      report("address", `is no http or https address of at most ${LONGEST_ADDRESS} characters, and was left out`);
    return address.url;
  }
  if (text.length > LONGEST[field])
    report("too-long", `has ${text.length} characters, and was cut at ${LONGEST[field]}`);
  return shorten(text, LONGEST[field]);
}

/** Own members only, of an object only: JSON of strangers may be anything. */
function memberOf(source: unknown, label: string): unknown {
  if (typeof source !== "object" || source === null || !Object.hasOwn(source, label)) return undefined;
  return (source as Readonly<Record<string, unknown>>)[label];
}
