import { checked } from "#shared/api/check.ts";
import { BODIES, QUERIES } from "#shared/api/requests.ts";
import { listRepositories } from "#shared/ecr/repositories.ts";
import { AutopilotError } from "#shared/errors.ts";
import type { ApiCall } from "#shared/lambda/api-call.ts";
import type { ApiAnswer } from "#shared/lambda/api-handler.ts";
import type { RepositoryApiDeps } from "./deps.ts";

/** GET /policy: the one that every function of this deployment goes by. */
export async function getPolicy({ policy, policyHash }: RepositoryApiDeps, call: ApiCall): Promise<ApiAnswer> {
  nothingIn(call);
  return { status: 200, body: { hash: policyHash, policy } };
}

/** GET /openapi.json */
export async function getOpenApi({ openApi }: RepositoryApiDeps, call: ApiCall): Promise<ApiAnswer> {
  nothingIn(call);
  return { status: 200, body: await openApi() };
}

interface Found {
  readonly healthy: boolean;
  /** About how many messages. */
  readonly waiting?: number;
  readonly deadLetters?: number;
}

/** One thing that must be right. Where it is not, a code tells why: whoever may ask need not learn more. */
interface Check extends Found {
  readonly name: string;
  readonly code?: string;
}

/** GET /health: whether the registry answers, and what waits in the queues. Dead letters are not healthy. */
export async function getHealth(deps: RepositoryApiDeps, call: ApiCall): Promise<ApiAnswer> {
  nothingIn(call);
  const checks = await Promise.all([
    checkOf("registry", async () => {
      await listRepositories(deps.ecr, { size: 1 });
      return { healthy: true };
    }),
    ...deps.deadLetters.map((queue) =>
      checkOf(`queue of ${queue.function}`, async () => {
        const { waiting, dead } = await queue.count();
        return { healthy: dead === 0, waiting, deadLetters: dead };
      }),
    ),
  ]);
  const healthy = checks.every((check) => check.healthy);
  return { status: 200, body: { healthy, policyHash: deps.policyHash, checks } };

  async function checkOf(name: string, check: () => Promise<Found>): Promise<Check> {
    try {
      return { name, ...(await check()) };
    } catch (error) {
      deps.observer.failed(error, { check: name });
      return { name, healthy: false, code: error instanceof AutopilotError ? error.code : "unexpected" };
    }
  }
}

function nothingIn(call: ApiCall): void {
  checked(QUERIES.none, call.query, "query");
  checked(BODIES.nothing, call.body ?? {}, "body");
}
