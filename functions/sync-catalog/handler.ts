import { join } from "node:path";
import policy from "policy:compiled";
import { catalogFiles } from "#shared/catalog/catalog-files.ts";
import { readPresentLogo } from "#shared/catalog/present-logo.ts";
import { createFactsCache } from "#shared/catalog/read-published.ts";
import { publicAuthorization } from "#shared/ecr/authorization.ts";
import { createPrivateClient, createPublicClient } from "#shared/ecr/clients.ts";
import { paced } from "#shared/ecr/paced.ts";
import { parseCatalogByHand, parseCatalogRequest } from "#shared/events/catalog-request.ts";
import { requiredEnvironment } from "#shared/lambda/environment.ts";
import { queueHandler } from "#shared/lambda/queue-handler.ts";
import { createQueueClient } from "#shared/messaging/clients.ts";
import { createFunctionObserver } from "#shared/messaging/function-observer.ts";
import { createQueue } from "#shared/messaging/queue.ts";
import { PULLS_PER_SECOND } from "#shared/mirror/public-reader.ts";
import { privateLimiters, publicLimiters } from "#shared/mirror/rates.ts";
import { lookUpSources } from "#shared/mirror/sources-of.ts";
import { createLimiter } from "#shared/pacing/limiter.ts";
import { createRegistryClient } from "#shared/registry/client.ts";
import { createSend } from "#shared/registry/http.ts";
import { type SyncCatalogDeps, syncCatalog, syncCatalogByHand } from "./sync-catalog.ts";

const observer = createFunctionObserver("sync-catalog");
const ecr = paced(createPrivateClient(), privateLimiters());
const publicEcr = paced(createPublicClient(), publicLimiters());
const authorization = publicAuthorization(publicEcr);
// Two containers work at once, and both together may use what the quota allows.
const pulls = createLimiter({ perSecond: PULLS_PER_SECOND / 2 });
const cache = createFactsCache();
const send = createSend();
// The build puts it beside the code: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
const files = catalogFiles(join(requiredEnvironment("LAMBDA_TASK_ROOT"), "catalog"));
const region = requiredEnvironment("AWS_REGION");
const deps: SyncCatalogDeps = {
  ...{ ecr, publicEcr, policy, files, observer, region },
  displayName: policy.catalog.displayName,
  now: () => new Date(),
  queue: createQueue(createQueueClient(), requiredEnvironment("OWN_QUEUE_URL")),
  page: ({ signal, remainingMs }) => ({
    ...{ publicEcr, policy, files, region, pulls, cache, remainingMs },
    sourcesOf: lookUpSources(ecr, policy),
    registryOf: (baseUrl) => createRegistryClient({ baseUrl, send, authorization, signal }),
    presentLogo: (address) => readPresentLogo(send, address, signal),
  }),
};

export const handler = queueHandler({
  observer,
  parse: parseCatalogRequest,
  // Many images of one repository are one page.
  key: (request) =>
    "page" in request ? `page ${request.page} ${request.afresh}` : `sweep ${request.position?.after} ${request.afresh}`,
  handle: (request, invocation) => syncCatalog(deps, request, invocation),
  direct: {
    parse: parseCatalogByHand,
    handle: (request, invocation) => syncCatalogByHand(deps, request, invocation),
  },
  reserveMs: 10_000,
});
