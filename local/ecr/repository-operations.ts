/** The operations on repositories, their settings and the registry. */
import type { Operation } from "../aws/operation.ts";
import { batchGetRepositoryScanningConfiguration } from "./batch-get-repository-scanning-configuration.ts";
import { createRepository } from "./create-repository.ts";
import { createRepositoryCreationTemplate } from "./create-repository-creation-template.ts";
import { deleteLifecyclePolicy } from "./delete-lifecycle-policy.ts";
import { deleteRegistryPolicy } from "./delete-registry-policy.ts";
import { deleteRepository } from "./delete-repository.ts";
import { deleteRepositoryCreationTemplate } from "./delete-repository-creation-template.ts";
import { deleteRepositoryPolicy } from "./delete-repository-policy.ts";
import { deregisterPullTimeUpdateExclusion } from "./deregister-pull-time-update-exclusion.ts";
import { describeRegistry } from "./describe-registry.ts";
import { describeRepositories } from "./describe-repositories.ts";
import { describeRepositoryCreationTemplates } from "./describe-repository-creation-templates.ts";
import { getAccountSetting } from "./get-account-setting.ts";
import { getAuthorizationToken } from "./get-authorization-token.ts";
import { getLifecyclePolicy } from "./get-lifecycle-policy.ts";
import { getRegistryPolicy } from "./get-registry-policy.ts";
import { getRegistryScanningConfiguration } from "./get-registry-scanning-configuration.ts";
import { getRepositoryPolicy } from "./get-repository-policy.ts";
import { listPullTimeUpdateExclusions } from "./list-pull-time-update-exclusions.ts";
import { listTagsForResource } from "./list-tags-for-resource.ts";
import { putAccountSetting } from "./put-account-setting.ts";
import { putImageScanningConfiguration } from "./put-image-scanning-configuration.ts";
import { putImageTagMutability } from "./put-image-tag-mutability.ts";
import { putLifecyclePolicy } from "./put-lifecycle-policy.ts";
import { putRegistryPolicy } from "./put-registry-policy.ts";
import { putRegistryScanningConfiguration } from "./put-registry-scanning-configuration.ts";
import { putReplicationConfiguration } from "./put-replication-configuration.ts";
import { registerPullTimeUpdateExclusion } from "./register-pull-time-update-exclusion.ts";
import { setRepositoryPolicy } from "./set-repository-policy.ts";
import { tagResource } from "./tag-resource.ts";
import { untagResource } from "./untag-resource.ts";
import { updateRepositoryCreationTemplate } from "./update-repository-creation-template.ts";

/** By name, so that an operation that is not here is refused as unknown; images and layers are in `imageOperations`. */
export const repositoryOperations: readonly Operation[] = [
  createRepository,
  describeRepositories,
  deleteRepository,
  putImageTagMutability,
  putImageScanningConfiguration,
  putLifecyclePolicy,
  getLifecyclePolicy,
  deleteLifecyclePolicy,
  setRepositoryPolicy,
  getRepositoryPolicy,
  deleteRepositoryPolicy,
  tagResource,
  untagResource,
  listTagsForResource,
  createRepositoryCreationTemplate,
  updateRepositoryCreationTemplate,
  describeRepositoryCreationTemplates,
  deleteRepositoryCreationTemplate,
  getAuthorizationToken,
  describeRegistry,
  putReplicationConfiguration,
  getRegistryPolicy,
  putRegistryPolicy,
  deleteRegistryPolicy,
  getAccountSetting,
  putAccountSetting,
  getRegistryScanningConfiguration,
  putRegistryScanningConfiguration,
  batchGetRepositoryScanningConfiguration,
  registerPullTimeUpdateExclusion,
  deregisterPullTimeUpdateExclusion,
  listPullTimeUpdateExclusions,
];
