import policy from "policy:compiled";
import { privateRegistry, publicAuthorization } from "#shared/ecr/authorization.ts";
import { createPrivateClient, createPublicClient } from "#shared/ecr/clients.ts";
import { paced } from "#shared/ecr/paced.ts";
import { directHandler } from "#shared/lambda/direct-handler.ts";
import { requiredEnvironment } from "#shared/lambda/environment.ts";
import { ecrEngine } from "#shared/mirror/ecr-engine.ts";
import { privateLimiters, publicLimiters } from "#shared/mirror/rates.ts";
import { createPowertoolsObserver } from "#shared/observability/powertools-observer.ts";
import { mirrorStatus, parseMirrorStatusRequest } from "./mirror-status.ts";

const limiterOf = publicLimiters();
const ecr = paced(createPrivateClient(), privateLimiters());
const publicEcr = paced(createPublicClient(), limiterOf);
const engine = ecrEngine({
  policy,
  region: requiredEnvironment("AWS_REGION"),
  ecr,
  privateRegistry: privateRegistry(ecr),
  publicEcr,
  publicAuthorization: publicAuthorization(publicEcr),
  limiterOf,
});

export const handler = directHandler({
  // It decides nothing that others could act on, so nothing goes to the bus.
  observer: createPowertoolsObserver("mirror-status"),
  parse: parseMirrorStatusRequest,
  handle: (request, invocation) => mirrorStatus((own) => ({ ...engine(own), ecr, publicEcr }), request, invocation),
});
