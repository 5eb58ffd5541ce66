import type { PageAnswer } from "../backends/backend.ts";
import { table } from "./table.ts";

/** What became of gallery pages, and what is wrong in the texts of each. */
export function pageTable(pages: readonly PageAnswer[], width: number | undefined): string {
  const rows = pages.flatMap(({ repository, outcome, fields, findings, reason = "" }) => [
    [repository, outcome, fields.join(", ") || reason],
    ...findings.map(({ file, rule, message }) => [repository, "finding", `${file} (${rule}): ${message}`]),
  ]);
  return table(["PAGE", "OUTCOME", "WHAT"], rows, { width });
}
