import policy from "policy:compiled";
import { createPrivateClient } from "#shared/ecr/clients.ts";
import { requiredList } from "#shared/lambda/environment.ts";
import { queueHandler } from "#shared/lambda/queue-handler.ts";
import { createFunctionObserver } from "#shared/messaging/function-observer.ts";
import { createRepository, parseRepositoryRequest } from "./create-repository.ts";

const observer = createFunctionObserver("create-repository");
const ownRoleArns = requiredList("OWN_ROLE_ARNS");
const deps = { ecr: createPrivateClient(), policy, observer, ownRoleArns, now: () => new Date() };

export const handler = queueHandler({
  observer,
  parse: parseRepositoryRequest,
  key: ({ repository, cause }) => `${repository} ${cause}`,
  handle: (request) => createRepository(deps, request),
});
