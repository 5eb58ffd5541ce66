import { readFile } from "node:fs/promises";
import { join } from "node:path";
import policy from "policy:compiled";
import policyHash from "policy:hash";
import { createPrivateClient } from "#shared/ecr/clients.ts";
import { apiHandler } from "#shared/lambda/api-handler.ts";
import { requiredEnvironment } from "#shared/lambda/environment.ts";
import { createQueueClient } from "#shared/messaging/clients.ts";
import { createFunctionObserver } from "#shared/messaging/function-observer.ts";
import { createFunctionsClient, invokeFunction } from "#shared/messaging/invoke-function.ts";
import type { Helper, RepositoryApiDeps } from "./deps.ts";
import { deadLettersOf, queuesOf, readQueues } from "./queues.ts";
import { apiRoutes } from "./routes.ts";

const observer = createFunctionObserver("repository-api");
const sqs = createQueueClient();
const lambda = createFunctionsClient();
const queues = readQueues(requiredEnvironment("QUEUES"));
const helpers: Partial<Record<Helper, string>> = JSON.parse(requiredEnvironment("HELPERS"));
const deps: RepositoryApiDeps = {
  ...{ ecr: createPrivateClient(), policy, policyHash, observer, now: () => new Date() },
  call: (helper, payload, signal) => invokeFunction(lambda, helpers[helper] ?? helper, payload, signal),
  queues: queuesOf(sqs, queues),
  deadLetters: deadLettersOf(sqs, queues),
  // Made when the function is bundled, and put beside it.
  openApi: () => readFile(join(requiredEnvironment("LAMBDA_TASK_ROOT"), "openapi.json"), "utf8"),
};

export const handler = apiHandler({ observer, routes: apiRoutes(deps) });
