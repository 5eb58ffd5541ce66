import { cleanText, decodeText } from "#shared/catalog/compile/clean-text.ts";
import { compileText } from "#shared/catalog/compile/compile-text.ts";
import { findingList } from "#shared/catalog/compile/finding-list.ts";
import type { CompiledText } from "#shared/catalog/page-texts.ts";

/** A file's text compiled, and its findings, each `rule: message`. */
export function compiled(file: Uint8Array | string): { text: CompiledText; findings: string[] } {
  const findings = findingList("about.md");
  const text = typeof file === "string" ? file : decodeText(file, findings);
  return {
    text: (text === undefined ? undefined : compileText(cleanText(text, findings), findings)) ?? { pieces: [] },
    findings: findings.all().map(({ rule, message }) => `${rule}: ${message}`),
  };
}
