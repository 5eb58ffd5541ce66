import {
  CreateRepositoryCreationTemplateCommand,
  type CreateRepositoryCreationTemplateCommandInput,
  DeleteRepositoryCreationTemplateCommand,
  type ECRClient,
  paginateDescribeRepositoryCreationTemplates,
  type RepositoryCreationTemplate,
  UpdateRepositoryCreationTemplateCommand,
} from "@aws-sdk/client-ecr";
import { toAutopilotError, unless } from "./errors.ts";

/**
 * All creation templates of the registry, page by page. Errors: AutopilotError, `ecr-unsupported` in a Region that has no
 * creation templates.
 */
export async function* creationTemplates(ecr: ECRClient): AsyncGenerator<RepositoryCreationTemplate> {
  try {
    for await (const page of paginateDescribeRepositoryCreationTemplates({ client: ecr, pageSize: 100 }, {})) {
      yield* page.repositoryCreationTemplates ?? [];
    }
  } catch (error) {
    throw toAutopilotError(error, "list the repository creation templates");
  }
}

/** False when a template of that prefix is there already. Errors: AutopilotError. */
export async function createCreationTemplate(
  ecr: ECRClient,
  template: CreateRepositoryCreationTemplateCommandInput,
): Promise<boolean> {
  const output = await unless(["already-exists"], `create the creation template '${template.prefix}'`, () =>
    ecr.send(new CreateRepositoryCreationTemplateCommand(template)),
  );
  return output !== undefined;
}

/** False when the template is gone. Errors: AutopilotError. */
export async function updateCreationTemplate(
  ecr: ECRClient,
  template: CreateRepositoryCreationTemplateCommandInput,
): Promise<boolean> {
  const output = await unless(["not-found"], `update the creation template '${template.prefix}'`, () =>
    ecr.send(new UpdateRepositoryCreationTemplateCommand(template)),
  );
  return output !== undefined;
}

/** A template that is gone already is a normal outcome. Errors: AutopilotError. */
export async function deleteCreationTemplate(ecr: ECRClient, prefix: string): Promise<void> {
  await unless(["not-found"], `delete the creation template '${prefix}'`, () =>
    ecr.send(new DeleteRepositoryCreationTemplateCommand({ prefix })),
  );
}
