import type { ECRClient } from "@aws-sdk/client-ecr";
import { createRepository } from "#shared/ecr/repositories.ts";
import { transient } from "#shared/errors.ts";
import { templateFor } from "#shared/policy/match-template.ts";
import { checkRepositoryName } from "#shared/policy/repository-name.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { bringToStandard, type StandardOutcome } from "./bring-to-standard.ts";

export type EnsureOutcome =
  /** The name breaks a rule, or no template covers it: nothing was created. */
  | { readonly outcome: "refused"; readonly reason: string }
  | (Extract<StandardOutcome, { outcome: "at-standard" }> & { readonly created: boolean; readonly template: string });

/**
 * Makes sure that a repository exists and is at its template: create first, take "already exists" as success, then compare
 * and write what differs. A repository that was left half-configured heals. Errors: AutopilotError.
 */
export async function ensureRepository(
  deps: { readonly ecr: ECRClient; readonly policy: Policy },
  name: string,
): Promise<EnsureOutcome> {
  const broken = checkRepositoryName(name);
  if (broken !== undefined) return { outcome: "refused", reason: broken };
  const template = templateFor(deps.policy, name);
  if (template === undefined) return { outcome: "refused", reason: noTemplate(name) };

  const created = await createRepository(deps.ecr, { name, ...template });
  const standard = await bringToStandard(deps.ecr, name, template);
  if (standard.outcome === "gone") {
    // A new repository was once reported to be invisible for a moment (aws-cli #2675); or somebody deleted it just now. The queue asks again.
    throw transient("repository-not-visible", `'${name}' was created or existed, and is not there to be described`);
  }
  return { ...standard, created: created !== undefined, template: template.prefix };
}

/** Why a repository is nobody's business here; the same words wherever it is told. */
export function noTemplate(name: string): string {
  return `no template of the policy covers '${name}', and there is no ROOT template`;
}
