/** One request at a registry host, and who made it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AccountContext, Identity } from "../aws/call.ts";
import { check, structure } from "../aws/constraints.ts";
import { repositoryArn } from "../ecr/arn.ts";
import { toAwsError } from "../ecr/errors.ts";
import { repositoryName as privateName } from "../ecr/shapes.ts";
import { repositoryArn as publicRepositoryArn } from "../ecr-public/arn.ts";
import { repositoryName as publicName } from "../ecr-public/shapes.ts";
import { type Registry, type Side, StoreError } from "../store/store.ts";
import type { FirstChunks } from "./first-chunks.ts";

/** `anonymous`: only at the public host, only to read. */
export type Caller = Identity | "anonymous";

export interface Exchange {
  readonly account: AccountContext;
  readonly side: Side;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly requestId: string;
  readonly caller: Caller;
  readonly firstChunks: FirstChunks;
}

/** A request about one repository. */
export interface RepositoryExchange extends Exchange {
  readonly service: "ecr" | "ecr-public";
  readonly registry: Registry;
  /** As the store and the API know it: without the alias. */
  readonly repositoryName: string;
  readonly repositoryArn: string;
  /** `/v2/<name as the client wrote it>`. */
  readonly path: string;
}

/**
 * `name`: as it stands in the path; at the public host the first segment is the alias of a registry, and there is one.
 * Errors: InvalidParameterException for a name that none can have, RepositoryNotFoundException for another alias.
 */
export function atRepository(exchange: Exchange, name: string): RepositoryExchange {
  const { account, side } = exchange;
  const path = `/v2/${name}`;
  if (side === "private") {
    check(structure({ repositoryName: privateName }), { repositoryName: name });
    return {
      ...exchange,
      service: "ecr",
      registry: account.store.private,
      repositoryName: name,
      repositoryArn: repositoryArn(account, name),
      path,
    };
  }
  const [alias = "", ...rest] = name.split("/");
  const repositoryName = rest.join("/");
  if (alias !== account.publicAlias || repositoryName === "") {
    const unknown = new StoreError("repository-unknown", `no public registry has the alias '${alias}'`);
    throw toAwsError(unknown, { service: "ecr-public", registryId: alias, repositoryName });
  }
  check(structure({ repositoryName: publicName }), { repositoryName });
  return {
    ...exchange,
    service: "ecr-public",
    registry: account.store.public,
    repositoryName,
    repositoryArn: publicRepositoryArn(account, repositoryName),
    path,
  };
}

/** Absolute, as ECR's own Location headers, on the name by which the client reached the host. */
export function absolute({ request, account, side }: Exchange, path: string): string {
  const { host } = request.headers;
  if (host !== undefined) return `http://${host}${path}`;
  return `${side === "private" ? account.privateUrl() : account.publicUrl()}${path}`;
}
