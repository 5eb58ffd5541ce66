import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import { compileCatalog } from "#shared/catalog/compile/compile-catalog.ts";
import type { CatalogFinding } from "#shared/catalog/page-texts.ts";
import { policyJsonSchema } from "#shared/policy/json-schema.ts";
import { PolicyError, type PolicyProblem, readPolicy } from "#shared/policy/read-policy.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { UsageError } from "./usage-error.ts";

export { policyJsonSchema };

export interface CheckedPolicy {
  readonly file: string;
  readonly valid: boolean;
  readonly problems: readonly PolicyProblem[];
  /** What is wrong in the texts and logos beside a valid policy: the pages are made of the rest. */
  readonly findings: readonly CatalogFinding[];
  /** The same for a person. */
  readonly words: string;
}

/** Checks a policy file, as the build does; `-` is standard input. Errors: UsageError for a file that cannot be read. */
export async function checkPolicy(file: string, stdin: Readable): Promise<CheckedPolicy> {
  const { name, folder, text } = await read(file, stdin);
  try {
    const { policy } = readPolicy(text, name);
    const { findings } = await compileCatalog({ policy, directory: folder });
    return { file: name, valid: true, problems: [], findings, words: inWords(name, policy, findings) };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { file: name, valid: false, problems: error.problems, findings: [], words: error.message };
  }
}

/** Beside a policy from standard input is the folder that the command was given in. */
async function read(file: string, stdin: Readable): Promise<{ name: string; folder: string; text: string }> {
  if (file === "-") return { name: "stdin", folder: ".", text: await textOf(stdin) };
  try {
    return { name: file, folder: dirname(file), text: await readFile(file, "utf8") };
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : error}`);
  }
}

function inWords(file: string, { templates, mirror, catalog }: Policy, findings: readonly CatalogFinding[]): string {
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;
  const parts = [
    count(templates.length, "template"),
    count(mirror.length, "mirror rule"),
    count(catalog.repositories.length, "page"),
  ];
  const told = findings.map((finding) => `  ${finding.file} (${finding.rule}): ${finding.message}`);
  return [`${file} is valid: ${parts.join(", ")}`, ...told].join("\n");
}
