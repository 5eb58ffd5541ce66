import { UsageError } from "../usage-error.ts";
import { type AwsOptions, useAws } from "./aws.ts";
import type { Backend, Plan, PlanRequest } from "./backend.ts";
import { directCatalog } from "./direct-catalog.ts";
import { directDeadLetters } from "./direct-dead-letters.ts";
import { directDeps } from "./direct-deps.ts";
import { directMirrors } from "./direct-mirrors.ts";
import { directStandards } from "./direct-standards.ts";
import type { Watcher } from "./watcher.ts";

export interface DirectOptions extends AwsOptions {
  /** Undefined: dead letters alone can be asked for. */
  readonly policyFile: string | undefined;
  readonly stack: string;
  readonly signal: AbortSignal;
  readonly watcher: Watcher;
}

/** The same work without the API, with the caller's own AWS credentials, and a policy that need not be the deployed one. */
export async function directBackend(options: DirectOptions): Promise<Backend> {
  const { policyFile, stack, signal, watcher } = options;
  useAws(options);
  const deadLetters = directDeadLetters(stack);
  if (policyFile === undefined) return withoutPolicy(deadLetters);
  const deps = await directDeps(policyFile, signal, watcher);
  const standards = directStandards(deps);
  const mirrors = directMirrors(deps);
  const catalog = directCatalog(deps);

  function plan({ of, repository, next }: PlanRequest): Promise<Plan> {
    if (of === "standards") return standards.plan(repository, next);
    return of === "catalog" ? catalog.plan(repository) : mirrors.plan(of, repository, next);
  }

  return {
    ...deadLetters,
    ensure: standards.ensure,
    listRepositories: standards.list,
    async showRepository(name) {
      const details = await standards.show(name);
      if (!details.mirrored) return { ...details, mirror: { states: [] } };
      const { states, next } = await mirrors.states({ repository: name });
      return { ...details, mirror: { states, ...(next !== undefined && { next }) } };
    },
    mirrorStates: mirrors.states,
    plan,
    apply: (of) => ({ standards, mirrors, catalog })[of].apply(),
    mirror: mirrors.mirror,
    backfill: mirrors.backfill,
    syncPage: catalog.sync,
  };
}

function withoutPolicy(deadLetters: ReturnType<typeof directDeadLetters>): Backend {
  const never = async (): Promise<never> => {
    throw new UsageError("this needs a policy: give --policy FILE");
  };
  return {
    ...deadLetters,
    ensure: never,
    listRepositories: never,
    showRepository: never,
    mirrorStates: never,
    plan: never,
    apply: never,
    mirror: never,
    backfill: never,
    syncPage: never,
  };
}
