import type { PagePlan } from "#shared/catalog/page-plan.ts";
import type { CatalogFinding } from "#shared/catalog/page-texts.ts";
import type { DeadLetter } from "#shared/messaging/dead-letter.ts";
import type { MirrorOutcome } from "#shared/mirror/mirror-image.ts";
import type { MirrorPlan } from "#shared/mirror/mirror-plan.ts";
import type { MirrorStatePage } from "#shared/mirror/mirror-state.ts";
import type { PlannedDeletions } from "#shared/mirror/planned-deletions.ts";
import type { Decision } from "#shared/observability/observer.ts";
import type { ListRequest, RepositoryList } from "#shared/standards/list-standards.ts";
import type { RepositoryPlan } from "#shared/standards/plan.ts";
import type { RepositoryDetails } from "#shared/standards/show-repository.ts";
import type { EnsuredRepository } from "#shared/standards/shown-ensured.ts";

export const PLANS = ["standards", "mirrors", "deletions", "catalog"] as const;
export const SWEEPS = ["standards", "mirrors", "catalog"] as const;
export type PlanOf = (typeof PLANS)[number];
export type SweepOf = (typeof SWEEPS)[number];

/**
 * What the commands ask for. Two forms: the REST API, and the caller's own credentials. Both answer with the API's shapes (shared/api/document/answers.ts); where
 * the API only asks for work, the direct form does it, and its answer says besides what became of it.
 *
 * Errors: ApiError, AutopilotError, RestError (rest.ts), or the signal's reason.
 */
export interface Backend {
  ensure(name: string): Promise<EnsuredRepository>;
  listRepositories(request: {
    readonly filter?: ListRequest["filter"];
    readonly next?: string | undefined;
  }): Promise<RepositoryList>;
  showRepository(name: string): Promise<RepositoryStatus>;
  mirrorStates(request: MirrorQuery): Promise<MirrorStatePage>;
  plan(request: PlanRequest): Promise<Plan>;
  apply(of: SweepOf): Promise<Applied>;
  mirror(image: WantedImage): Promise<MirrorAnswer>;
  /** `repository`: that one alone. */
  backfill(repository: string | undefined): Promise<BackfillAnswer>;
  syncPage(name: string): Promise<PageAnswer>;
  deadLetters(): Promise<DeadLetterList>;
  replay(id: string): Promise<{ readonly replayed: DeadLetter }>;
  replayAll(): Promise<{ readonly tasks: readonly ReplayTask[] }>;
}

export interface RepositoryStatus extends RepositoryDetails {
  readonly mirror: Pick<MirrorStatePage, "states" | "next">;
}

export interface MirrorQuery {
  readonly repository: string;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
  readonly next?: string | undefined;
}

export interface PlanRequest {
  readonly of: PlanOf;
  readonly repository?: string | undefined;
  readonly next?: string | undefined;
}

/** Members by `of`; those of the other plans are left out. */
export interface Plan {
  readonly of: PlanOf;
  /** standards */
  readonly repositories?: readonly RepositoryPlan[];
  readonly creationTemplates?: {
    readonly create: readonly string[];
    readonly update: readonly string[];
    readonly delete: readonly string[];
    readonly conflicts: readonly string[];
  };
  /** mirrors */
  readonly mirrors?: readonly MirrorPlan[];
  /** deletions */
  readonly deletions?: readonly PlannedDeletions[];
  /** catalog */
  readonly pages?: readonly PagePlan[];
  readonly displayName?: string;
  readonly counts?: Readonly<Record<string, unknown>>;
  readonly next?: string;
}

/** `requested` alone: the stack does it, and its logs and events tell the outcome. */
export interface Applied {
  readonly requested: SweepOf;
  readonly counts?: Readonly<Record<string, unknown>>;
  readonly decisions?: readonly Decision[];
  readonly pages?: readonly PageAnswer[];
}

export interface WantedImage {
  readonly repository: string;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

export interface MirrorAnswer {
  readonly requested: WantedImage;
  /** What became of it, one for each destination. */
  readonly outcomes?: readonly MirrorOutcome[];
}

export interface BackfillAnswer {
  readonly requested: "everything" | { readonly repository: string };
  /** Left out where the stack finds them by itself. */
  readonly images?: readonly BackfilledImage[];
}

export interface BackfilledImage extends WantedImage {
  /** Public tags that are missing. */
  readonly tags: readonly string[];
  readonly outcomes?: readonly MirrorOutcome[];
  /** Why it could not be copied. */
  readonly failure?: { readonly code: string; readonly detail: string };
}

export interface PageAnswer {
  /** Public name. */
  readonly repository: string;
  readonly outcome: "gone" | "not-ours" | "conforms" | "differs" | "updated";
  readonly fields: readonly string[];
  readonly findings: readonly CatalogFinding[];
  readonly reason?: string;
}

export interface DeadLetterList {
  readonly deadLetters: readonly DeadLetter[];
  readonly more: boolean;
}

export interface ReplayTask {
  readonly function: string;
  readonly task: "started" | "running";
}
