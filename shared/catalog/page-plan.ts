import type { CatalogFinding } from "./page-texts.ts";
import type { PageOutcome } from "./sync-page.ts";

/** What would be written of one page. */
export interface PagePlan {
  /** Public name. */
  readonly repository: string;
  readonly fields: readonly string[];
  /** A line for each field: what stands there, and what would. */
  readonly changes: readonly string[];
  readonly findings: readonly CatalogFinding[];
  /** Why nothing is known of it, or nothing would be done. */
  readonly reason?: string;
}

export function pagePlan(repository: string, outcome: PageOutcome): PagePlan {
  const nothing = { repository, fields: [], changes: [], findings: [] };
  if (outcome.outcome === "gone") return { ...nothing, reason: "there is no such public repository" };
  if (outcome.outcome === "not-ours") return { ...nothing, reason: outcome.reason };
  const differences = outcome.outcome === "conforms" ? [] : outcome.differences;
  return {
    repository,
    fields: differences.map(({ field }) => field),
    changes: differences.map(({ words }) => words),
    findings: outcome.findings,
  };
}

export function isWorthTelling({ changes, findings, reason }: PagePlan): boolean {
  return changes.length + findings.length > 0 || reason !== undefined;
}

/** The plan for a person. */
export function pagesInWords(plans: readonly PagePlan[], displayName: string | undefined): string {
  const registry =
    displayName === undefined ? [] : [`The registry\n  would be shown as ${JSON.stringify(displayName)}`];
  const words = plans.map(({ repository, changes, findings, reason }) =>
    [
      repository,
      ...(reason === undefined ? [] : [`  ${reason}`]),
      ...changes.map((change) => `  would be written: ${change}`),
      ...findings.map(({ file, rule, message }) => `  ${file} (${rule}): ${message}`),
    ].join("\n"),
  );
  const all = [...registry, ...words];
  return all.length === 0 ? "Every page says what it should." : all.join("\n\n");
}
