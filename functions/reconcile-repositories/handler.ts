import policy from "policy:compiled";
import { createPrivateClient } from "#shared/ecr/clients.ts";
import { paced } from "#shared/ecr/paced.ts";
import { parseSweepByHand } from "#shared/events/sweep-request.ts";
import { requiredEnvironment } from "#shared/lambda/environment.ts";
import { queueHandler } from "#shared/lambda/queue-handler.ts";
import { createQueueClient } from "#shared/messaging/clients.ts";
import { createFunctionObserver } from "#shared/messaging/function-observer.ts";
import { createQueue } from "#shared/messaging/queue.ts";
import { createLimiter } from "#shared/pacing/limiter.ts";
import { parseReconcileRequest, reconcileByHand, reconcileRepositories } from "./reconcile-repositories.ts";

const observer = createFunctionObserver("reconcile-repositories");
const limiter = createLimiter({ perSecond: policy.limits.sweepCallsPerSecond });
const deps = {
  ecr: paced(createPrivateClient(), () => limiter),
  policy,
  observer,
  now: () => new Date(),
  creationTemplateRoleArn: requiredEnvironment("CREATION_TEMPLATE_ROLE_ARN"),
  queue: createQueue(createQueueClient(), requiredEnvironment("OWN_QUEUE_URL")),
};

export const handler = queueHandler({
  observer,
  parse: parseReconcileRequest,
  // One message is one sweep, or the rest of one.
  key: ({ position }) => position?.from ?? "begin",
  handle: async (request, invocation) => void (await reconcileRepositories(deps, request, invocation)),
  direct: {
    parse: parseSweepByHand,
    handle: (request, invocation) => reconcileByHand(deps, request, invocation),
  },
});
