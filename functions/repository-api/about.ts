import { checked } from "#shared/api/check.ts";
import { BODIES, QUERIES } from "#shared/api/requests.ts";
import { listRepositories } from "#shared/ecr/repositories.ts";
import { AutopilotError } from "#shared/errors.ts";
import type { ApiCall } from "#shared/lambda/api-call.ts";
import type { ApiAnswer } from "#shared/lambda/api-handler.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import type { TrailVerdict } from "#shared/trail/judge-trails.ts";
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
  /** Why it is not. Whoever may ask need not learn more. */
  readonly code?: string;
}

/** One thing that must be right. */
interface Check extends Found {
  readonly name: string;
}

/**
 * GET /health: whether the registry answers, whether CloudTrail tells of calls, and what waits in the queues. Dead letters are not healthy; a trail
 * of which this account may not see enough counts as healthy.
 */
export async function getHealth(deps: RepositoryApiDeps, call: ApiCall, { signal }: Invocation): Promise<ApiAnswer> {
  nothingIn(call);
  const checks = await Promise.all([
    checkOf("registry", async () => {
      await listRepositories(deps.ecr, { size: 1 });
      return { healthy: true };
    }),
    checkOf("trail", async () => {
      const { trail } = (await deps.call("check-account", {}, signal)) as TrailVerdict;
      return trail === "missing" ? { healthy: false, code: "trail-missing" } : { healthy: true };
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
