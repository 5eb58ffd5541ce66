import policy from "policy:compiled";
import { publicAuthorization } from "#shared/ecr/authorization.ts";
import { createPrivateClient, createPublicClient } from "#shared/ecr/clients.ts";
import { paced } from "#shared/ecr/paced.ts";
import { publicRegistryAlias } from "#shared/ecr/public-registry.ts";
import { mirrorRequested } from "#shared/events/mirror-requested.ts";
import { parseMirrorsSweepByHand } from "#shared/events/mirrors-sweep-request.ts";
import { requiredEnvironment, requiredList } from "#shared/lambda/environment.ts";
import { queueHandler } from "#shared/lambda/queue-handler.ts";
import { createQueueClient } from "#shared/messaging/clients.ts";
import { createFunctionObserver } from "#shared/messaging/function-observer.ts";
import { createQueue } from "#shared/messaging/queue.ts";
import { PULLS_PER_SECOND } from "#shared/mirror/public-reader.ts";
import { privateLimiters, publicLimiters } from "#shared/mirror/rates.ts";
import { createLimiter } from "#shared/pacing/limiter.ts";
import { createRegistryClient } from "#shared/registry/client.ts";
import { createSend } from "#shared/registry/http.ts";
import {
  parseReconcileMirrorsRequest,
  type ReconcileMirrorsDeps,
  reconcileMirrors,
  reconcileMirrorsByHand,
} from "./reconcile-mirrors.ts";

const observer = createFunctionObserver("reconcile-mirrors");
const ecr = paced(createPrivateClient(), privateLimiters());
const publicEcr = paced(createPublicClient(), publicLimiters());
const authorization = publicAuthorization(publicEcr);
const pulls = createLimiter({ perSecond: PULLS_PER_SECOND });
const send = createSend();
const queues = createQueueClient();
const mirror = createQueue(queues, requiredEnvironment("MIRROR_QUEUE_URL"));
const now = () => new Date();
const region = requiredEnvironment("AWS_REGION");
const deps: ReconcileMirrorsDeps = {
  ...{ ecr, policy, observer, now, region },
  pullingRoleArns: requiredList("PULLING_ROLE_ARNS"),
  publicAlias: () => publicRegistryAlias(publicEcr),
  queue: createQueue(queues, requiredEnvironment("OWN_QUEUE_URL")),
  sweep: ({ signal, remainingMs }) => ({
    ...{ ecr, publicEcr, policy, region, observer, now, pulls, remainingMs },
    registryOf: (baseUrl) => createRegistryClient({ baseUrl, send, authorization, signal }),
    request: (repository, reference) => mirror.send(mirrorRequested({ repository, ...reference, rounds: 0 })),
  }),
};

export const handler = queueHandler({
  observer,
  parse: parseReconcileMirrorsRequest,
  // One message is one sweep, or the rest of one.
  key: ({ position }) => (position === undefined ? "begin" : `${position.part} ${position.from} ${position.after}`),
  handle: async (request, invocation) => void (await reconcileMirrors(deps, request, invocation)),
  direct: {
    parse: parseMirrorsSweepByHand,
    handle: (request, invocation) => reconcileMirrorsByHand(deps, request, invocation),
  },
  reserveMs: 10_000,
});
