import type { Observer } from "#shared/observability/observer.ts";
import { controlsThatFlag } from "#shared/policy/external-controls.ts";
import type { Governed } from "#shared/policy/standard-for.ts";
import { type Difference, describeDifference } from "#shared/policy/standards.ts";
import type { Findings } from "./findings.ts";

export interface Told {
  readonly repository: string;
  readonly [fact: string]: unknown;
}

/**
 * Tells what was written to a repository, as `decision`, and what differs still, one decision for each kind. Gives how many were told:
 * nothing is said of a repository that is as the policy wants it.
 */
export function tellStandard(
  observer: Observer,
  decision: "repository-brought-to-standard" | "drift-put-back",
  standard: Governed,
  { changed, findings }: { readonly changed: readonly Difference[]; readonly findings: Findings },
  facts: Told,
): number {
  const { template, exception } = standard;
  const { unfixable, reported, excepted } = findings;
  let told = 0;
  const tell = (...decided: Parameters<Observer["decided"]>): void => {
    observer.decided(...decided);
    told += 1;
  };
  if (changed.length > 0) tell({ decision, ...facts, ...inWords(changed) });
  if (exception?.expired === true && changed.some(isMutability)) {
    const { expires } = exception;
    const reason = `the exception for '${facts.repository}' (${exception.reason}) ended after ${expires}`;
    tell({ decision: "exception-expired", ...facts, expires, reason });
  }
  if (unfixable.length > 0) tell({ decision: "repository-differs", ...facts, ...inWords(unfixable) });
  if (reported.length > 0) {
    const flaggedBy = template.mutability === undefined ? [] : controlsThatFlag(template.mutability.mode);
    tell({ decision: "mutability-reported", ...facts, ...inWords(reported), flaggedBy });
  }
  if (excepted.length > 0 && exception !== undefined) {
    const reason = `${inWords(excepted).reason}; left until ${exception.expires}: ${exception.reason}`;
    tell({ decision: "exception-in-force", ...facts, expires: exception.expires, reason });
  }
  return told;
}

function isMutability({ setting }: Difference): boolean {
  return setting === "mutability";
}

function inWords(differences: readonly Difference[]): { settings: string[]; reason: string } {
  return {
    settings: differences.map(({ setting }) => setting),
    reason: differences.map(describeDifference).join("; "),
  };
}
