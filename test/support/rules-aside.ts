import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Functions, or single rules of one, that act on nearly everything and that most tests are not about: each costs every account of a test a process
 * or two. Whoever is about one of them starts the account with `everything`.
 */
const ASIDE = ["CheckAccount", "SyncCatalog", "MirrorImagePushRecorded", "ReconcileMirrorsStackDeployed"];

/** Disables their rules in an assembly that was made for tests, as an operator would. Error: one of them has no rule. */
export async function setAside(assemblyDir: string): Promise<void> {
  const file = join(assemblyDir, "EcrAutopilot.template.json");
  const template = JSON.parse(await readFile(file, "utf8"));
  const rules = Object.entries<{ Type: string; Properties: { State?: string } }>(template.Resources).filter(
    ([, { Type }]) => Type === "AWS::Events::Rule",
  );
  for (const prefix of ASIDE) {
    const found = rules.filter(([id]) => id.startsWith(prefix));
    if (found.length === 0) throw new Error(`no rule begins with ${prefix}`);
    for (const [, { Properties }] of found) Properties.State = "DISABLED";
  }
  await writeFile(file, JSON.stringify(template));
}
