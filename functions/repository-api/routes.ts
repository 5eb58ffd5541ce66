import type { ApiCall } from "#shared/lambda/api-call.ts";
import type { ApiAnswer, ApiRoute } from "#shared/lambda/api-handler.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import { getHealth, getOpenApi, getPolicy } from "./about.ts";
import { getDeadLetters, replayAllOf, replayOne } from "./dead-letters.ts";
import type { RepositoryApiDeps } from "./deps.ts";
import { getMirrors, postMirrors } from "./mirrors.ts";
import { getRepositories, getRepository, putRepository } from "./repositories.ts";
import { postCatalog, postPlans, postSweeps } from "./work.ts";

type Answer = (deps: RepositoryApiDeps, call: ApiCall, invocation: Invocation) => Promise<ApiAnswer>;

const ROUTES: readonly (readonly [method: ApiRoute["method"], path: string, answer: Answer])[] = [
  ["PUT", "/repositories/{proxy+}", putRepository],
  ["GET", "/repositories", getRepositories],
  ["GET", "/repositories/{proxy+}", getRepository],
  ["POST", "/mirrors", postMirrors],
  ["GET", "/mirrors", getMirrors],
  ["POST", "/catalog/{proxy+}", postCatalog],
  ["POST", "/plans", postPlans],
  ["POST", "/sweeps", postSweeps],
  ["GET", "/dead-letters", getDeadLetters],
  ["POST", "/dead-letters/replay", replayAllOf],
  ["POST", "/dead-letters/{id}/replay", replayOne],
  ["GET", "/policy", getPolicy],
  ["GET", "/openapi.json", getOpenApi],
  ["GET", "/health", getHealth],
];

/** All routes of the API. shared/api/document describes the same ones, which a test holds. */
export function apiRoutes(deps: RepositoryApiDeps): ApiRoute[] {
  return ROUTES.map(([method, path, answer]) => ({
    method,
    path,
    answer: (call, invocation) => answer(deps, call, invocation),
  }));
}
