import policy from "policy:compiled";
import { privateRegistry, publicAuthorization } from "#shared/ecr/authorization.ts";
import { createPrivateClient, createPublicClient } from "#shared/ecr/clients.ts";
import { queueHandler } from "#shared/lambda/queue-handler.ts";
import { createPowertoolsObserver } from "#shared/observability/powertools-observer.ts";
import { createSend } from "#shared/registry/http.ts";
import { mirrorImage, parsePush } from "./mirror-image.ts";

const observer = createPowertoolsObserver("mirror-image");
const publicEcr = createPublicClient();
const deps = {
  policy,
  observer,
  privateRegistry: privateRegistry(createPrivateClient()),
  publicEcr,
  publicAuthorization: publicAuthorization(publicEcr),
  send: createSend(),
};

export const handler = queueHandler({
  observer,
  parse: parsePush,
  key: ({ repository, tag }) => `${repository}:${tag}`,
  handle: (image, invocation) => mirrorImage(deps, image, invocation),
  // The answer must wait for streams that are being cut.
  reserveMs: 10_000,
});
