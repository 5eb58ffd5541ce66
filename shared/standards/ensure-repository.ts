import type { ECRClient } from "@aws-sdk/client-ecr";
import { createRepository, describeRepository, type PrivateRepository } from "#shared/ecr/repositories.ts";
import { AutopilotError, transient } from "#shared/errors.ts";
import type { NamingRule } from "#shared/policy/naming.ts";
import { type Owner, ownerTags } from "#shared/policy/owner-tags.ts";
import type { Policy, Template } from "#shared/policy/schema.ts";
import { type Governed, standardFor } from "#shared/policy/standard-for.ts";
import { type AtStandard, bringToStandard } from "./bring-to-standard.ts";
import { findNearName } from "./find-near-name.ts";

export interface EnsureDeps {
  readonly ecr: ECRClient;
  readonly policy: Pick<Policy, "templates" | "naming" | "mutability">;
  readonly now: () => Date;
}

export interface EnsureRequest {
  readonly name: string;
  /** Who asked for it, where that is known: fills the template's owner tags. */
  readonly owner: Owner | undefined;
}

export interface EnsureRefused {
  readonly outcome: "refused";
  /** Which rule refused it: of the names, `no-template`, or `kms-key`. */
  readonly rule: NamingRule | "no-template" | "kms-key";
  readonly reason: string;
}

export type EnsureOutcome = EnsureRefused | (AtStandard & { readonly created: boolean; readonly standard: Governed });

/**
 * Makes sure that a repository exists and is at its standard: create first, take "already exists" as success, then compare
 * and write what differs. A repository that was left half-configured heals. Where the policy guards near names, which can only be asked
 * before, a new name is first held beside all that exist.
 *
 * Refused, and nothing created: a name that breaks a rule, one that no template covers, a key that KMS does not let ECR use.
 * Errors: AutopilotError.
 */
export async function ensureRepository(deps: EnsureDeps, { name, owner }: EnsureRequest): Promise<EnsureOutcome> {
  const { ecr, policy } = deps;
  const standard = standardFor(policy, name, deps.now());
  if (standard.outcome === "misnamed") return { outcome: "refused", ...standard.breach };
  if (standard.outcome === "ungoverned") return { outcome: "refused", rule: "no-template", reason: standard.reason };
  if (policy.naming.nearNames !== undefined && (await describeRepository(ecr, name)) === undefined) {
    const breach = await findNearName(ecr, policy, name);
    if (breach !== undefined) return { outcome: "refused", ...breach };
  }

  const tags = ownerTags(standard.template, owner);
  const creation = await create(ecr, name, standard.template, tags);
  if ("outcome" in creation) return creation;
  const brought = await bringToStandard(ecr, name, standard, tags);
  if (brought.outcome === "gone") {
    // A new repository was once reported to be invisible for a moment (aws-cli #2675); or somebody deleted it just now. The queue asks again.
    throw transient("repository-not-visible", `'${name}' was created or existed, and is not there to be described`);
  }
  return { ...brought, created: creation.created !== undefined, standard };
}

/** A key that cannot be used leaves no repository behind, and no later try mends it: somebody must change the policy or the key. */
async function create(
  ecr: ECRClient,
  name: string,
  template: Template,
  owner: Readonly<Record<string, string>>,
): Promise<{ readonly created: PrivateRepository | undefined } | EnsureRefused> {
  const tags = { ...owner, ...template.tags };
  try {
    const wanted = { name, ...template, ...(Object.keys(tags).length > 0 && { tags }) };
    return { created: await createRepository(ecr, wanted) };
  } catch (error) {
    if (!(error instanceof AutopilotError) || error.code !== "ecr-kms") throw error;
    const key = template.encryption?.kmsKey;
    const reason = `the template ${template.prefix} names the key ${key}: ${error.message}`;
    return { outcome: "refused", rule: "kms-key", reason };
  }
}
