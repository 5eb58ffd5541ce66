/** A registry request as the API call that ECR makes of it: permission and trail see that call. */
import { privateTarget, type Target } from "../ecr/target.ts";
import { publicTarget } from "../ecr-public/repositories.ts";
import type { Exchange, RepositoryExchange } from "./exchange.ts";
import { notAuthorized } from "./refusals.ts";

/** `response`: as the API would answer; `value`: what the route goes on with. */
export interface Outcome<T> {
  readonly response: Record<string, unknown>;
  readonly value: T;
}

interface CallKind {
  readonly operation: string;
  readonly readOnly: boolean;
  /** IAM action when it is not that of the operation. */
  readonly action?: string;
}

/** A call about the exchange's repository. */
export interface RepositoryCall extends CallKind {
  /** Members of the API's input besides registryId and repositoryName. */
  readonly members?: Record<string, unknown>;
  /** Done once the permission is there, before the repository is looked for. */
  readonly before?: () => Promise<void>;
}

/** Errors: AwsError, AccessDeniedException and RepositoryNotFoundException among them; ECR's refusal of an anonymous caller. */
export function performed<T>(
  at: RepositoryExchange,
  { members, before, ...kind }: RepositoryCall,
  run: (target: Target) => Promise<Outcome<T>>,
): Promise<T> {
  const parameters = { registryId: at.account.accountId, repositoryName: at.repositoryName, ...members };
  return performedOn(at, { ...kind, service: at.service, parameters, resource: at.repositoryArn }, async () => {
    await before?.();
    return run(targetOf(at));
  });
}

/** A call about any resource. Errors: as `performed`. */
export async function performedOn<T>(
  exchange: Exchange,
  call: CallKind & {
    readonly service: "ecr" | "ecr-public";
    readonly parameters: Record<string, unknown>;
    readonly resource: string;
  },
  run: () => Promise<Outcome<T>>,
): Promise<T> {
  const { account, caller, request, requestId } = exchange;
  if (caller === "anonymous") throw notAuthorized(exchange);
  const { resource, ...rest } = call;
  let outcome: Outcome<T> | undefined;
  await account.perform(
    {
      ...rest,
      resources: [resource],
      identity: caller,
      // ECR Public is one service for all Regions, at home in us-east-1.
      region: call.service === "ecr-public" ? "us-east-1" : account.region,
      via: "registry",
      sourceIp: (request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
      userAgent: request.headers["user-agent"] ?? "",
      requestId,
    },
    async () => {
      outcome = await run();
      return outcome.response;
    },
  );
  if (outcome === undefined) throw new Error(`${call.operation} ended without an outcome`);
  return (outcome as Outcome<T>).value;
}

/** The repository, for a read that stands for no API call. Error: RepositoryNotFoundException. */
export function targetOf({ account, service, repositoryName }: RepositoryExchange): Target {
  const named = { registryId: account.accountId, repositoryName };
  return service === "ecr" ? privateTarget(account, named) : publicTarget(account, named);
}
