import policy from "policy:compiled";
import { createPrivateClient } from "#shared/ecr/clients.ts";
import { requiredList } from "#shared/lambda/environment.ts";
import { queueHandler } from "#shared/lambda/queue-handler.ts";
import { createFunctionObserver } from "#shared/messaging/function-observer.ts";
import { enforceMutability, parseMutabilityChange } from "./enforce-mutability.ts";

const observer = createFunctionObserver("enforce-mutability");
const ownRoleArns = requiredList("OWN_ROLE_ARNS");
const deps = { ecr: createPrivateClient(), policy, observer, ownRoleArns, now: () => new Date() };

export const handler = queueHandler({
  observer,
  parse: parseMutabilityChange,
  key: ({ repository, caller }) => `${repository} ${caller.roleArn}`,
  handle: (change) => enforceMutability(deps, change),
});
