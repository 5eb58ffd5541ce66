import { controlsThatFlag } from "#shared/policy/external-controls.ts";
import type { Standard } from "#shared/policy/standard-for.ts";
import type { Difference } from "#shared/policy/standards.ts";
import type { Findings } from "./findings.ts";

/** What a sweep has seen so far: plain data, since it travels with the message that continues the sweep. */
export interface SweepCounts {
  readonly repositories: number;
  readonly conforming: number;
  /** Brought back to the standard; in a plan, those that would be. */
  readonly putBack: number;
  readonly differing: number;
  readonly reported: number;
  readonly excepted: number;
  readonly misnamed: number;
  readonly ungoverned: number;
  /** Something of it could not be read or written; what else was written to it counts as put back, too. */
  readonly failed: number;
  readonly gone: number;
  /** Writes by setting; in a plan, those that there would be. */
  readonly writes: Readonly<Record<string, number>>;
  /** External controls that will still flag a repository's wanted tag mutability, with how many repositories they will flag. */
  readonly flaggedBy: Readonly<Record<string, number>>;
}

export type Tally = { -readonly [Name in keyof SweepCounts]: SweepCounts[Name] };

export function noCounts(): Tally {
  return {
    repositories: 0,
    conforming: 0,
    putBack: 0,
    differing: 0,
    reported: 0,
    excepted: 0,
    misnamed: 0,
    ungoverned: 0,
    failed: 0,
    gone: 0,
    writes: {},
    flaggedBy: {},
  };
}

/** Counts a repository by its standard alone, before anything of it was read. */
export function countStandard(tally: Tally, standard: Standard): void {
  tally.repositories += 1;
  if (standard.outcome === "misnamed") tally.misnamed += 1;
  if (standard.outcome === "ungoverned") tally.ungoverned += 1;
  if (standard.outcome !== "governed" || standard.template.mutability === undefined) return;
  for (const control of controlsThatFlag(standard.template.mutability.mode)) {
    tally.flaggedBy = { ...tally.flaggedBy, [control]: (tally.flaggedBy[control] ?? 0) + 1 };
  }
}

/** Counts what was found at a governed repository, and what was written to it. */
export function countFindings(tally: Tally, changed: readonly Difference[], findings: Findings): void {
  const { unfixable, reported, excepted } = findings;
  if (changed.length > 0) tally.putBack += 1;
  if (unfixable.length > 0) tally.differing += 1;
  if (reported.length > 0) tally.reported += 1;
  if (excepted.length > 0) tally.excepted += 1;
  if (changed.length + unfixable.length + reported.length + excepted.length === 0) tally.conforming += 1;
  for (const { setting } of changed) {
    tally.writes = { ...tally.writes, [setting]: (tally.writes[setting] ?? 0) + 1 };
  }
}
