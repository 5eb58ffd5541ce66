import { escapeMarkdown } from "./escape-markdown.ts";
import { GENERATED_LINE } from "./generated.ts";
import type { ImageLabels } from "./labels.ts";

/**
 * An about text in Markdown from what an image says of itself, ending with the generated line; undefined where it says nothing.
 * Whatever is in a label shows as text; links show where they lead. Labels are so short that it is within ECR Public's limit, even
 * where all of a description is escaped (8,000 characters).
 */
export function aboutFromLabels(labels: ImageLabels): string | undefined {
  const { title, description, version, vendor, licenses, documentation, source } = labels;
  const facts = [
    ["Version", version && escapeMarkdown(version)],
    ["Vendor", vendor && escapeMarkdown(vendor)],
    ["Licenses", licenses && escapeMarkdown(licenses)],
    ["Documentation", documentation && `<${documentation}>`],
    ["Source", source && `<${source}>`],
  ].flatMap(([name, value]) => (value ? [`- ${name}: ${value}`] : []));
  const blocks = [
    title && `## ${escapeMarkdown(title)}`,
    description && escapeMarkdown(description),
    facts.join("\n"),
  ].filter(Boolean);
  return blocks.length === 0 ? undefined : [...blocks, GENERATED_LINE].join("\n\n");
}
