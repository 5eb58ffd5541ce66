import type { ECRClient } from "@aws-sdk/client-ecr";
import { createRepository, describeRepository } from "#shared/ecr/repositories.ts";
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
  /** Told at once of a repository that was created: if what follows fails, the next try finds it there, and nobody else would know. */
  readonly onCreated?: (template: Template) => void;
}

export interface EnsureRequest {
  readonly name: string;
  /** Who asked for it, where that is known: fills the template's owner tags, if it is created. One that is there has its owner. */
  readonly owner: Owner | undefined;
}

export interface EnsureRefused {
  readonly outcome: "refused";
  /** Which rule refused it: of the names, `no-template`, `kms-key`, or one of ECR's own, `ecr`. */
  readonly rule: NamingRule | "no-template" | "kms-key" | "ecr";
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

  const creation = await create(ecr, name, standard.template, ownerTags(standard.template, owner));
  if ("outcome" in creation) return creation;
  if (creation.isNew) deps.onCreated?.(standard.template);
  const brought = await bringToStandard(ecr, name, standard);
  if (brought.outcome === "gone") {
    // A new repository was once reported to be invisible for a moment (aws-cli #2675); or somebody deleted it just now. The queue asks again.
    throw transient("repository-not-visible", `'${name}' was created or existed, and is not there to be described`);
  }
  return { ...brought, created: creation.isNew, standard };
}

/** Creations that ECR refuses for good: no later try mends them, somebody must change the policy or the key. */
const REFUSED_CREATIONS: Readonly<Record<string, "kms-key" | "ecr">> = { "ecr-kms": "kms-key", "ecr-invalid": "ecr" };

/**
 * A key that cannot be used leaves no repository behind, and no later try mends it: somebody must change the policy or the key. Whether ECR looks at
 * the key before the name is not documented, so one that is there is looked for: its other settings have nothing to do with the key.
 */
async function create(
  ecr: ECRClient,
  name: string,
  template: Template,
  owner: Readonly<Record<string, string>>,
): Promise<{ readonly isNew: boolean } | EnsureRefused> {
  const tags = { ...owner, ...template.tags };
  try {
    const wanted = { name, ...template, ...(Object.keys(tags).length > 0 && { tags }) };
    return { isNew: (await createRepository(ecr, wanted)) !== undefined };
  } catch (error) {
    const rule = error instanceof AutopilotError ? REFUSED_CREATIONS[error.code] : undefined;
    if (rule === undefined || !(error instanceof AutopilotError)) throw error;
    if ((await describeRepository(ecr, name)) !== undefined) return { isNew: false };
    if (rule === "ecr") return { outcome: "refused", rule, reason: error.message };
    const key = template.encryption?.kmsKey;
    const reason = `the template ${template.prefix} names the key ${key}: ${error.message}`;
    return { outcome: "refused", rule, reason };
  }
}
