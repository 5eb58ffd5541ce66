import policy from "policy:compiled";
import { createPrivateClient } from "#shared/ecr/clients.ts";
import { requiredEnvironment } from "#shared/lambda/environment.ts";
import { queueHandler } from "#shared/lambda/queue-handler.ts";
import { createPowertoolsObserver } from "#shared/observability/powertools-observer.ts";
import { reconcileRepositories } from "./reconcile-repositories.ts";

const observer = createPowertoolsObserver("reconcile-repositories");
const creationTemplateRoleArn = requiredEnvironment("CREATION_TEMPLATE_ROLE_ARN");
const deps = { ecr: createPrivateClient(), policy, observer, creationTemplateRoleArn };

export const handler = queueHandler({
  observer,
  // Whatever woke it, a schedule or a deployment, the work is the same.
  parse: (event) => event,
  key: () => "reconcile",
  handle: () => reconcileRepositories(deps),
});
