import type { ECRClient } from "@aws-sdk/client-ecr";
import {
  createCreationTemplate,
  creationTemplates,
  deleteCreationTemplate,
  updateCreationTemplate,
} from "#shared/ecr/creation-templates.ts";
import { AutopilotError, isPermanent, transient } from "#shared/errors.ts";
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
 * In a Region without creation templates it says so and leaves the work to the events. A template that ECR refuses keeps none of the others
 * from being written. Errors: AutopilotError, the first one that another try may mend, or else the first.
 */
export async function publishTemplates(deps: PublishTemplatesDeps): Promise<void> {
  const { ecr, policy, observer } = deps;
  const read = await readTemplates(ecr);
  if ("unsupported" in read) {
    observer.decided({ decision: "creation-templates-unsupported", reason: read.unsupported });
    return;
  }
  const { present } = read;
  const wanted = nativeTemplates(policy, deps.creationTemplateRoleArn);
  const changes = templateChanges(wanted, present);

  for (const prefix of changes.conflicts) {
    const reason = `the creation template '${prefix}' was made by somebody else; remove it or take the prefix out of the policy`;
    observer.decided({ decision: "creation-template-conflict", prefix, reason });
  }
  const failures: unknown[] = [];
  const attempt = (work: Promise<void>) => work.catch((error: unknown) => void failures.push(error));
  for (const template of changes.create) await attempt(write(deps, "created", template));
  for (const template of changes.update) await attempt(write(deps, "updated", template));
  for (const prefix of changes.delete) await attempt(remove(deps, prefix));
  if (failures.length > 0) throw failures.find((error) => !isPermanent(error)) ?? failures[0];
  if (changes.create.length + changes.update.length + changes.delete.length === 0) {
    observer.decided({
      decision: "creation-templates-conform",
      templates: wanted.length,
      foreign: changes.foreign,
    });
  }
}

async function write(
  { ecr, observer }: PublishTemplatesDeps,
  change: "created" | "updated",
  template: NativeTemplate,
): Promise<void> {
  const send = change === "created" ? createCreationTemplate : updateCreationTemplate;
  // Somebody was quicker: the next reading tells whether it was us.
  if (!(await send(ecr, template))) throw movedOn(template.prefix);
  observer.decided({ decision: "creation-template-written", prefix: template.prefix, change });
}

async function remove({ ecr, observer }: PublishTemplatesDeps, prefix: string): Promise<void> {
  await deleteCreationTemplate(ecr, prefix);
  observer.decided({ decision: "creation-template-deleted", prefix });
}

/**
 * What `publishTemplates` would do: prefixes to create, update and delete, those that others made, and those of them that stand where
 * the policy wants one of its own. Undefined in a Region without creation templates. Errors: AutopilotError.
 */
export async function planTemplates(deps: PublishTemplatesDeps) {
  const read = await readTemplates(deps.ecr);
  if ("unsupported" in read) return undefined;
  const changes = templateChanges(nativeTemplates(deps.policy, deps.creationTemplateRoleArn), read.present);
  const prefixes = (templates: readonly NativeTemplate[]) => templates.map(({ prefix }) => prefix);
  return { ...changes, create: prefixes(changes.create), update: prefixes(changes.update) };
}

export type TemplatesPlan = NonNullable<Awaited<ReturnType<typeof planTemplates>>>;

async function readTemplates(ecr: ECRClient) {
  try {
    return { present: await Array.fromAsync(creationTemplates(ecr)) };
  } catch (error) {
    if (!(error instanceof AutopilotError) || error.code !== "ecr-unsupported") throw error;
    return { unsupported: error.message };
  }
}

function movedOn(prefix: string | undefined): AutopilotError {
  return transient(
    "creation-template-moved",
    `the creation template '${prefix}' was changed by somebody else just now`,
  );
}
