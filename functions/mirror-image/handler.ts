import policy from "policy:compiled";
import { privateRegistry, publicAuthorization } from "#shared/ecr/authorization.ts";
import { createPrivateClient, createPublicClient } from "#shared/ecr/clients.ts";
import { paced } from "#shared/ecr/paced.ts";
import { requiredEnvironment } from "#shared/lambda/environment.ts";
import { queueHandler } from "#shared/lambda/queue-handler.ts";
import { createQueueClient } from "#shared/messaging/clients.ts";
import { createFunctionObserver } from "#shared/messaging/function-observer.ts";
import { createQueue } from "#shared/messaging/queue.ts";
import { ecrEngine } from "#shared/mirror/ecr-engine.ts";
import { privateLimiters, publicLimiters } from "#shared/mirror/rates.ts";
import { keyOf, mirrorImage, parseMirrorEvent } from "./mirror-image.ts";

const observer = createFunctionObserver("mirror-image");
const limiterOf = publicLimiters();
const ecr = paced(createPrivateClient(), privateLimiters());
const publicEcr = paced(createPublicClient(), limiterOf);
const deps = {
  policy,
  observer,
  queue: createQueue(createQueueClient(), requiredEnvironment("OWN_QUEUE_URL")),
  engine: ecrEngine({
    policy,
    region: requiredEnvironment("AWS_REGION"),
    ecr,
    privateRegistry: privateRegistry(ecr),
    publicEcr,
    publicAuthorization: publicAuthorization(publicEcr),
    limiterOf,
  }),
};

export const handler = queueHandler({
  observer,
  parse: parseMirrorEvent,
  key: keyOf,
  handle: (request, invocation) => mirrorImage(deps, request, invocation),
  // The answer must wait for streams that are being cut.
  reserveMs: 10_000,
});
