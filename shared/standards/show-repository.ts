import type { ECRClient } from "@aws-sdk/client-ecr";
import { describeRepository, type PrivateRepository, type TagMutability } from "#shared/ecr/repositories.ts";
import { namesRepository } from "#shared/policy/mirror-rules.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { standardFor } from "#shared/policy/standard-for.ts";
import { findingsOf } from "./findings.ts";
import { type PlannedChange, planFor } from "./plan.ts";
import { readState } from "./read-state.ts";

export interface ShowDeps {
  readonly ecr: ECRClient;
  readonly policy: Pick<Policy, "templates" | "naming" | "mutability" | "mirror">;
  readonly now: () => Date;
}

/** What the policy says of a repository, in the form in which it is told. */
export type ShownStandard =
  | {
      readonly outcome: "governed";
      /** Prefix of the template. */
      readonly template: string;
      readonly mutability: "enforce" | "report" | "excepted";
      readonly exception?: { readonly reason: string; readonly expires: string; readonly expired: boolean };
    }
  | { readonly outcome: "misnamed"; readonly rule: string; readonly reason: string }
  | { readonly outcome: "ungoverned"; readonly reason: string };

/** A repository as the API and the command line show it. */
export interface ShownRepository {
  readonly repository: string;
  /** To push to, without a tag. */
  readonly uri: string;
  readonly standard: ShownStandard;
  /** Whether a mirror rule names it. */
  readonly mirrored: boolean;
}

export interface RepositoryDetails extends ShownRepository {
  readonly arn: string;
  readonly mutability: TagMutability;
  readonly scanOnPush: boolean;
  /** Where it is not as the policy wants it, and what becomes of that. */
  readonly differences: readonly PlannedChange[];
}

/** One repository beside its standard; undefined when it is not there. Writes nothing. Errors: AutopilotError. */
export async function showRepository(deps: ShowDeps, name: string): Promise<RepositoryDetails | undefined> {
  const repository = await describeRepository(deps.ecr, name);
  if (repository === undefined) return undefined;
  const differences = await differencesOf(deps, repository);
  if (differences === undefined) return undefined;
  const { arn, mutability, scanOnPush } = repository;
  return { ...shown(deps, repository), arn, mutability, scanOnPush, differences };
}

/** Without a call of its own. */
export function shown({ policy, now }: ShowDeps, { name, uri }: PrivateRepository): ShownRepository {
  const standard = standardFor(policy, name, now());
  const mirrored = namesRepository(policy, name);
  if (standard.outcome === "misnamed") {
    return { repository: name, uri, standard: { outcome: "misnamed", ...standard.breach }, mirrored };
  }
  if (standard.outcome === "ungoverned") return { repository: name, uri, standard, mirrored };
  const { template, mutability, exception } = standard;
  const told = { outcome: "governed" as const, template: template.prefix, mutability, ...(exception && { exception }) };
  return { repository: name, uri, standard: told, mirrored };
}

/** What a sweep would find; none where the policy does not govern it. Undefined when it is gone. Errors: AutopilotError. */
export async function differencesOf(
  { ecr, policy, now }: ShowDeps,
  repository: PrivateRepository,
): Promise<readonly PlannedChange[] | undefined> {
  const standard = standardFor(policy, repository.name, now());
  if (standard.outcome !== "governed") return [];
  const state = await readState(ecr, repository, standard.template);
  if (state === undefined) return undefined;
  return planFor(repository.name, standard, findingsOf(standard, state))?.changes ?? [];
}
