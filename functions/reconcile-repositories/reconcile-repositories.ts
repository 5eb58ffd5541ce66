import type { ECRClient } from "@aws-sdk/client-ecr";
import {
  createCreationTemplate,
  creationTemplates,
  deleteCreationTemplate,
  updateCreationTemplate,
} from "#shared/ecr/creation-templates.ts";
import { AutopilotError, transient } from "#shared/errors.ts";
import type { Observer } from "#shared/observability/observer.ts";
import { nativeTemplates, templateChanges } from "#shared/policy/creation-templates.ts";
import type { Policy } from "#shared/policy/schema.ts";

export interface ReconcileRepositoriesDeps {
  readonly ecr: ECRClient;
  readonly policy: Policy;
  readonly observer: Observer;
  /** Role that ECR takes on for templates with tags or a KMS key. */
  readonly creationTemplateRoleArn: string;
}

/**
 * Writes the policy's templates to ECR as native creation templates, so that a first push succeeds: reads what is there,
 * writes the difference, leaves alone what others made. A prefix that somebody else's template holds is a conflict on record.
 * In a Region without creation templates it says so and leaves the work to the events. Errors: AutopilotError.
 */
export async function reconcileRepositories(deps: ReconcileRepositoriesDeps): Promise<void> {
  const { ecr, policy, observer } = deps;
  const present = await readTemplates(deps);
  if (present === undefined) return;
  const wanted = nativeTemplates(policy, deps.creationTemplateRoleArn);
  const changes = templateChanges(wanted, present);

  for (const prefix of changes.conflicts) {
    const reason = `the creation template '${prefix}' was made by somebody else; remove it or take the prefix out of the policy`;
    observer.decided({ decision: "creation-template-conflict", prefix, reason });
  }
  for (const template of changes.create) {
    // Somebody was quicker: the next reading tells whether it was us.
    if (!(await createCreationTemplate(ecr, template))) throw movedOn(template.prefix);
    observer.decided({ decision: "creation-template-written", prefix: template.prefix, change: "created" });
  }
  for (const template of changes.update) {
    if (!(await updateCreationTemplate(ecr, template))) throw movedOn(template.prefix);
    observer.decided({ decision: "creation-template-written", prefix: template.prefix, change: "updated" });
  }
  for (const prefix of changes.delete) {
    await deleteCreationTemplate(ecr, prefix);
    observer.decided({ decision: "creation-template-deleted", prefix });
  }
  if (changes.create.length + changes.update.length + changes.delete.length === 0) {
    observer.decided({
      decision: "creation-templates-conform",
      templates: wanted.length,
      foreign: changes.foreign.length,
    });
  }
}

async function readTemplates({ ecr, observer }: ReconcileRepositoriesDeps) {
  try {
    return await Array.fromAsync(creationTemplates(ecr));
  } catch (error) {
    if (!(error instanceof AutopilotError) || error.code !== "ecr-unsupported") throw error;
    observer.decided({ decision: "creation-templates-unsupported", reason: error.message });
    return undefined;
  }
}

function movedOn(prefix: string | undefined): AutopilotError {
  return transient(
    "creation-template-moved",
    `the creation template '${prefix}' was changed by somebody else just now`,
  );
}
