import policy from "policy:compiled";
import { createPrivateClient } from "#shared/ecr/clients.ts";
import { requiredEnvironment } from "#shared/lambda/environment.ts";
import { queueHandler } from "#shared/lambda/queue-handler.ts";
import { createPowertoolsObserver } from "#shared/observability/powertools-observer.ts";
import { enforceMutability, parseMutabilityChange } from "./enforce-mutability.ts";

const observer = createPowertoolsObserver("enforce-mutability");
const deps = { ecr: createPrivateClient(), policy, observer, ownRoleArn: requiredEnvironment("OWN_ROLE_ARN") };

export const handler = queueHandler({
  observer,
  parse: parseMutabilityChange,
  key: ({ repository, caller }) => `${repository} ${caller.roleArn}`,
  handle: (change) => enforceMutability(deps, change),
});
