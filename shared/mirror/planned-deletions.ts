import type { DestinationPlan, MirrorPlan } from "./mirror-plan.ts";

/** What would go from one public repository, and what would stay, without what would come. */
export interface PlannedDeletions extends Omit<DestinationPlan, "conflicts"> {
  readonly repository: string;
}

/** Of a plan of mirrors its deletions. */
export function plannedDeletions(plans: readonly MirrorPlan[]): PlannedDeletions[] {
  return plans.flatMap(({ repository, destinations }) =>
    destinations
      .filter(({ deletions, held }) => deletions.length + held.length > 0)
      .map(({ conflicts: _, ...destination }) => ({ repository, ...destination })),
  );
}
