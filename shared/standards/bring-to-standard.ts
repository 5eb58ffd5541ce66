import type { ECRClient } from "@aws-sdk/client-ecr";
import { describeRepository, type PrivateRepository } from "#shared/ecr/repositories.ts";
import { transient } from "#shared/errors.ts";
import type { Governed } from "#shared/policy/standard-for.ts";
import type { Difference } from "#shared/policy/standards.ts";
import { type Findings, findingsOf } from "./findings.ts";
import { readState } from "./read-state.ts";
import { writeDifferences } from "./write-differences.ts";

/** A repository that is as the policy wants it, but for what the policy or ECR does not let be changed. */
export interface AtStandard {
  readonly outcome: "at-standard";
  readonly repository: PrivateRepository;
  /** What was written to get there; empty when nothing differed. */
  readonly changed: readonly Difference[];
  /** What differs still; `fixable` is empty. */
  readonly findings: Findings;
}

/** `gone`: deleted before or while we looked, a normal outcome. */
export type StandardOutcome = { readonly outcome: "gone" } | AtStandard;

/**
 * Brings one repository to its standard: reads what the template governs, compares by meaning, writes each difference, and
 * reads again. Only governed settings are read. A setting that cannot be written does not keep the others from it. `ownerTags` are
 * given to a repository that has no tags of these keys.
 *
 * Errors: AutopilotError; transient `standard-not-reached` when the second reading still differs, so that the queue comes back to it.
 */
export async function bringToStandard(
  ecr: ECRClient,
  name: string,
  standard: Governed,
  ownerTags: Readonly<Record<string, string>> = {},
): Promise<StandardOutcome> {
  const before = await look(ecr, name, standard, ownerTags);
  if (before === undefined) return { outcome: "gone" };
  const changed = before.findings.fixable;
  if (changed.length === 0) return { outcome: "at-standard", changed, ...before };
  const write = await writeDifferences(ecr, before.repository, changed);
  if (write.outcome === "gone") return { outcome: "gone" };
  if (write.failure !== undefined) throw write.failure;
  const after = await look(ecr, name, standard, ownerTags);
  if (after === undefined) return { outcome: "gone" };
  if (after.findings.fixable.length > 0) throw notReached(name, after.findings.fixable);
  return { outcome: "at-standard", changed, ...after };
}

/** What a second reading shows that still differs; the same words wherever it is told. */
export function notReached(name: string, differences: readonly Difference[]) {
  const settings = differences.map(({ setting }) => setting).join(", ");
  return transient("standard-not-reached", `'${name}' still differs after the write: ${settings}`);
}

async function look(
  ecr: ECRClient,
  name: string,
  standard: Governed,
  ownerTags: Readonly<Record<string, string>>,
): Promise<{ repository: PrivateRepository; findings: Findings } | undefined> {
  const repository = await describeRepository(ecr, name);
  if (repository === undefined) return undefined;
  const { template } = standard;
  const tags = { ...ownerTags, ...template.tags };
  const read = Object.keys(tags).length === 0 ? template : { ...template, tags };
  const state = await readState(ecr, repository, read);
  if (state === undefined) return undefined;
  // Whoever owns the repository by now has said so: an owner tag that is there stays.
  const isWanted = (key: string) => Object.hasOwn(template.tags ?? {}, key) || !Object.hasOwn(state.tags ?? {}, key);
  const wanted = Object.entries(tags).filter(([key]) => isWanted(key));
  const governed = { ...standard, template: { ...read, ...(read.tags && { tags: Object.fromEntries(wanted) }) } };
  return { repository, findings: findingsOf(governed, state) };
}
