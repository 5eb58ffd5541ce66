import { type Difference, describeDifference } from "#shared/policy/standards.ts";
import type { EnsureOutcome } from "./ensure-repository.ts";
import { type PlannedChange, planFor } from "./plan.ts";

/** A repository that was ensured, as the API and the command line show it. */
export interface EnsuredRepository {
  readonly repository: string;
  /** To push to, without a tag. */
  readonly uri: string;
  readonly arn: string;
  readonly created: boolean;
  /** Prefix of the template. */
  readonly template: string;
  readonly changed: readonly WrittenSetting[];
  /** What differs still, and why it was not written. */
  readonly differences: readonly PlannedChange[];
}

export interface WrittenSetting {
  readonly setting: Difference["setting"];
  readonly present: unknown;
  readonly wanted: unknown;
  readonly words: string;
}

export function shownEnsured(
  name: string,
  { created, standard, findings, repository, ...ensured }: Exclude<EnsureOutcome, { outcome: "refused" }>,
): EnsuredRepository {
  const changed = ensured.changed.map((difference) => {
    const { setting, present, wanted } = difference;
    return { setting, present, wanted, words: describeDifference(difference) };
  });
  return {
    repository: name,
    uri: repository.uri,
    arn: repository.arn,
    created,
    template: standard.template.prefix,
    changed,
    differences: planFor(name, standard, findings)?.changes ?? [],
  };
}
