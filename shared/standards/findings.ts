import type { Governed } from "#shared/policy/standard-for.ts";
import { type Difference, differences, type RepositoryState } from "#shared/policy/standards.ts";

/** Where a repository differs from its standard, by what becomes of the difference. */
export interface Findings {
  /** ECR can change it, and the policy says so: to be written. */
  readonly fixable: readonly Difference[];
  /** Set at creation only (encryption): told, and never mended. */
  readonly unfixable: readonly Difference[];
  /** Tag mutability, while the policy only reports it. */
  readonly reported: readonly Difference[];
  /** Tag mutability, while an exception holds. */
  readonly excepted: readonly Difference[];
}

/** Compares what was read with what the policy wants. Pure. */
export function findingsOf({ template, mutability }: Governed, state: RepositoryState): Findings {
  const found = differences(template, state);
  const isHeldBack = ({ setting }: Difference) => setting === "mutability" && mutability !== "enforce";
  return {
    fixable: found.filter((difference) => difference.fixable && !isHeldBack(difference)),
    unfixable: found.filter(({ fixable }) => !fixable),
    reported: mutability === "report" ? found.filter(isHeldBack) : [],
    excepted: mutability === "excepted" ? found.filter(isHeldBack) : [],
  };
}
