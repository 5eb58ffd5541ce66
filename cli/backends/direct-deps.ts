import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { privateRegistry, publicAuthorization } from "#shared/ecr/authorization.ts";
import { createPrivateClient, createPublicClient } from "#shared/ecr/clients.ts";
import { paced } from "#shared/ecr/paced.ts";
import { ecrEngine } from "#shared/mirror/ecr-engine.ts";
import { privateLimiters, publicLimiters } from "#shared/mirror/rates.ts";
import { createLimiter } from "#shared/pacing/limiter.ts";
import { readPolicy } from "#shared/policy/read-policy.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { createSend } from "#shared/registry/http.ts";
import { UsageError } from "../usage-error.ts";
import { awsChain } from "./aws.ts";
import type { Watcher } from "./watcher.ts";

/** What work with the caller's own credentials needs. */
export interface DirectDeps {
  readonly policy: Policy;
  /** Folder of the policy file: its catalog stands beside it. */
  readonly policyFolder: string;
  readonly region: string;
  readonly signal: AbortSignal;
  readonly watcher: Watcher;
  readonly now: () => Date;
  readonly remainingMs: () => number;
  /** For sweeps of all repositories, at the rate that the policy leaves them. */
  readonly sweepingEcr: ReturnType<typeof createPrivateClient>;
  readonly ecr: ReturnType<typeof createPrivateClient>;
  readonly publicEcr: ReturnType<typeof createPublicClient>;
  readonly publicAuthorization: ReturnType<typeof publicAuthorization>;
  readonly send: ReturnType<typeof createSend>;
  readonly engine: ReturnType<ReturnType<typeof ecrEngine>>;
}

/** No deadline: whoever waits ends it with Ctrl-C. */
const AS_LONG_AS_IT_TAKES = () => Number.MAX_SAFE_INTEGER;

/** Reads the policy and makes the clients. Errors: PolicyError, UsageError. */
export async function directDeps(policyFile: string, signal: AbortSignal, watcher: Watcher): Promise<DirectDeps> {
  const { policy } = readPolicy(await readText(policyFile), policyFile);
  const region = await awsChain().region();
  const limiterOf = publicLimiters();
  const sweepLimiter = createLimiter({ perSecond: policy.limits.sweepCallsPerSecond });
  const ecr = paced(createPrivateClient(), privateLimiters());
  const publicEcr = paced(createPublicClient(), limiterOf);
  const authorization = publicAuthorization(publicEcr);
  const remainingMs = AS_LONG_AS_IT_TAKES;
  const engine = ecrEngine({
    ...{ policy, region, ecr, publicEcr, limiterOf },
    privateRegistry: privateRegistry(ecr),
    publicAuthorization: authorization,
  });
  return {
    ...{ policy, region, signal, watcher, remainingMs, ecr, publicEcr },
    policyFolder: dirname(policyFile),
    now: () => new Date(),
    sweepingEcr: paced(createPrivateClient(), () => sweepLimiter),
    publicAuthorization: authorization,
    send: createSend(),
    engine: engine({ signal, remainingMs }),
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read the policy ${file}: ${error instanceof Error ? error.message : error}`);
  }
}
