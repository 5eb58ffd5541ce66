import policy from "policy:compiled";
import { createPrivateClient } from "#shared/ecr/clients.ts";
import { queueHandler } from "#shared/lambda/queue-handler.ts";
import { createPowertoolsObserver } from "#shared/observability/powertools-observer.ts";
import { createRepository, parseRepositoryRequest } from "./create-repository.ts";

const observer = createPowertoolsObserver("create-repository");
const deps = { ecr: createPrivateClient(), policy, observer };

export const handler = queueHandler({
  observer,
  parse: parseRepositoryRequest,
  key: ({ repository, cause }) => `${repository} ${cause}`,
  handle: (request) => createRepository(deps, request),
});
