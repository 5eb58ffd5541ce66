import { dirname, join } from "node:path";
import type { CatalogFinding } from "#shared/catalog/page-texts.ts";

/** A line for each finding, with the file as the reader of the policy has it: a path, or a member within the policy file. */
export function findingLines(policyFile: string, findings: readonly CatalogFinding[]): string[] {
  return findings.map(({ file, rule, message }) => {
    const place = file.startsWith("catalog.") ? `${policyFile}: ${file}` : join(dirname(policyFile), file);
    return `${place}: ${message} (${rule})`;
  });
}
