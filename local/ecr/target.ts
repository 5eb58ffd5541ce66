/** What a layer or image operation works on: one repository of the private or the public registry, found and allowed to be named. */
import type { AccountContext } from "../aws/call.ts";
import { type Registry, StoreError } from "../store/store.ts";
import { toAwsError } from "./errors.ts";
import { type RepositoryInput, requireRepository } from "./repositories.ts";

export interface Target {
  readonly service: "ecr" | "ecr-public";
  readonly registry: Registry;
  /** The account's id, whatever name the caller gave the registry: answers always show it. */
  readonly registryId: string;
  readonly repositoryName: string;
  /** Service quotas; in bytes. */
  readonly largestLayer: number;
  readonly clock: () => Date;
}

const mebibyte = 1024 * 1024;

/** Error: RepositoryNotFoundException. Another account's registryId does not come this far: the permission check refuses it. */
export function privateTarget(account: AccountContext, input: RepositoryInput): Target {
  requireRepository(account, input.repositoryName);
  return {
    service: "ecr",
    registry: account.store.private,
    registryId: account.accountId,
    repositoryName: input.repositoryName,
    // Service quotas, "Maximum layer size".
    largestLayer: 52_000 * mebibyte,
    clock: account.clock,
  };
}

/** The service's words for an image that is not there: ImageNotFoundException. */
export function imageNotFound(target: Target, imageId: { imageDigest?: string; imageTag?: string }): unknown {
  return toAwsError(new StoreError("manifest-unknown", "no such image"), {
    service: target.service,
    registryId: target.registryId,
    repositoryName: target.repositoryName,
    ...(imageId.imageDigest === undefined ? {} : { digest: imageId.imageDigest }),
    ...(imageId.imageTag === undefined ? {} : { tag: imageId.imageTag }),
  });
}
