import type { ECRClient } from "@aws-sdk/client-ecr";
import {
  createCreationTemplate,
  creationTemplates,
  deleteCreationTemplate,
  updateCreationTemplate,
} from "#shared/ecr/creation-templates.ts";
import { AutopilotError, transient } from "#shared/errors.ts";
import type { Observer } from "#shared/observability/observer.ts";
import { type NativeTemplate, nativeTemplates, templateChanges } from "#shared/policy/creation-templates.ts";
import type { Policy } from "#shared/policy/schema.ts";

export interface PublishTemplatesDeps {
  readonly ecr: ECRClient;
  readonly policy: Pick<Policy, "templates">;
  readonly observer: Observer;
  /** Role that ECR takes on for templates with tags or a KMS key. */
  readonly creationTemplateRoleArn: string;
}

/**
 * Writes the policy's templates to ECR as native creation templates, so that a first push succeeds: reads what is there,
 * writes the difference, leaves alone what others made. A prefix that somebody else's template holds is a conflict on record.
 * In a Region without creation templates it says so and leaves the work to the events. Errors: AutopilotError.
 */
export async function publishTemplates(deps: PublishTemplatesDeps): Promise<void> {
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

/**
 * What `publishTemplates` would do: prefixes to create, update and delete, those that others made, and those of them that stand where
 * the policy wants one of its own. Undefined in a Region without creation templates. Errors: AutopilotError.
 */
export async function planTemplates(deps: PublishTemplatesDeps) {
  const present = await readTemplates(deps);
  if (present === undefined) return undefined;
  const changes = templateChanges(nativeTemplates(deps.policy, deps.creationTemplateRoleArn), present);
  const prefixes = (templates: readonly NativeTemplate[]) => templates.map(({ prefix }) => prefix);
  return { ...changes, create: prefixes(changes.create), update: prefixes(changes.update) };
}

async function readTemplates({ ecr, observer }: PublishTemplatesDeps) {
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
