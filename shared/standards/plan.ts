import type { Standard } from "#shared/policy/standard-for.ts";
import { type Difference, describeDifference } from "#shared/policy/standards.ts";
import type { Findings } from "./findings.ts";

/** What a sweep would do with one repository that is not as the policy wants it. */
export interface RepositoryPlan {
  readonly repository: string;
  /** Prefix of the template that governs it. */
  readonly template?: string;
  /** One entry for each difference, or for the rule that its name breaks. */
  readonly changes: readonly PlannedChange[];
}

export interface PlannedChange {
  readonly setting: Difference["setting"] | "name";
  /** `write`: would be written. All others stay as they are: `set-at-creation`, `report-only`, `excepted`, `misnamed`. */
  readonly action: "write" | "set-at-creation" | "report-only" | "excepted" | "misnamed";
  readonly present?: unknown;
  readonly wanted?: unknown;
  readonly words: string;
}

/** The plan for a governed repository; undefined when nothing differs. */
export function planFor(
  repository: string,
  standard: Extract<Standard, { outcome: "governed" }>,
  findings: Findings,
): RepositoryPlan | undefined {
  const changes = [
    ...findings.fixable.map((difference) => planned("write", difference)),
    ...findings.unfixable.map((difference) => planned("set-at-creation", difference)),
    ...findings.reported.map((difference) => planned("report-only", difference)),
    ...findings.excepted.map((difference) => planned("excepted", difference)),
  ];
  return changes.length === 0 ? undefined : { repository, template: standard.template.prefix, changes };
}

/** The plan for a repository whose name breaks a rule: it is listed, and never touched. */
export function planForMisnamed(
  repository: string,
  { breach }: Extract<Standard, { outcome: "misnamed" }>,
): RepositoryPlan {
  return { repository, changes: [{ setting: "name", action: "misnamed", words: breach.reason }] };
}

/** A plan for a person: one paragraph for each repository, one line for each change. */
export function planInWords(plans: readonly RepositoryPlan[]): string {
  if (plans.length === 0) return "No repository differs from the policy.";
  return plans
    .map(({ repository, template, changes }) => {
      const lines = changes.map(({ action, words }) => `  ${MARKS[action]} ${words}`);
      return [template === undefined ? repository : `${repository} (template ${template})`, ...lines].join("\n");
    })
    .join("\n\n");
}

const MARKS: Readonly<Record<PlannedChange["action"], string>> = {
  write: "would be written:",
  "set-at-creation": "cannot be changed:",
  "report-only": "is only reported:",
  excepted: "is excepted:",
  misnamed: "is left untouched, its name breaks a rule:",
};

function planned(action: PlannedChange["action"], difference: Difference): PlannedChange {
  const { setting, present, wanted } = difference;
  return { setting, action, present, wanted, words: describeDifference(difference) };
}
