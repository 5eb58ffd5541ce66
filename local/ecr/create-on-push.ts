/** ECR's own creation of a repository at its first push, from the creation template that covers the name. */
import { randomUUID } from "node:crypto";
import { type AccountContext, AwsError, type Call, type Identity } from "../aws/call.ts";
import { StoreError } from "../store/store.ts";
import { repositoryArn } from "./arn.ts";
import { encryptionOfNew } from "./kms-keys.ts";
import { lifecyclePolicyAsKept } from "./lifecycle-policy.ts";
import { describeRepository, newRecord, type RepositorySettings } from "./settings.ts";
import { coveringTemplate, type Template } from "./templates.ts";

/**
 * Makes the private repository `repositoryName` when it is missing and a template for CREATE_ON_PUSH covers it; otherwise does
 * nothing, and the caller then meets RepositoryNotFoundException. Call it after the permission to push was checked: nothing else
 * is asked of the pusher (containers-roadmap #853).
 * Errors: AccessDeniedException when the template sets tags or a KMS key and has no customRoleArn, since ECR's service-linked role
 * may do neither (user guide: creation fails; the code is assumed); KmsException for a key that cannot be used.
 */
export async function ensureRepositoryForPush(
  account: AccountContext,
  repositoryName: string,
  _pusher: Identity,
): Promise<void> {
  if (!account.createOnPush || account.store.private.repository(repositoryName) !== undefined) return;
  const template = coveringTemplate(account, repositoryName, "CREATE_ON_PUSH");
  if (template === undefined) return;

  const create = () => createFrom(account, repositoryName, template);
  try {
    if (!account.createOnPushInTrail) await create();
    else await account.perform(creationCall(account, repositoryName, template), create);
  } catch (error) {
    // The layers of one push come in parallel, and each of them may be the first.
    if (!isAlreadyThere(error)) throw error;
  }
}

/** The store's word for it, or the service's when it came through `perform`. */
function isAlreadyThere(error: unknown): boolean {
  if (error instanceof AwsError) return error.code === "RepositoryAlreadyExistsException";
  return error instanceof StoreError && error.code === "repository-exists";
}

async function createFrom(account: AccountContext, name: string, template: Template): Promise<Record<string, unknown>> {
  const { customRoleArn = "" } = template;
  const needsRole =
    (template.resourceTags ?? []).length > 0 || template.encryptionConfiguration.encryptionType !== "AES256";
  if (needsRole && customRoleArn === "") {
    throw new AwsError(
      "AccessDeniedException",
      `The repository '${name}' cannot be created on push: its creation template '${template.prefix}' sets resource tags or KMS encryption and has no customRoleArn`,
    );
  }
  const encryption = encryptionOfNew(account, template.encryptionConfiguration, customRoleArn);
  const record = newRecord(name, account.clock(), { ...settingsFrom(template), encryption });
  return { repository: describeRepository(account, await account.store.private.createRepository(record)) };
}

/** A template has no scan setting: user guide, "Templates to control repositories created …". */
function settingsFrom(template: Template): RepositorySettings {
  const { lifecyclePolicy, repositoryPolicy } = template;
  return {
    imageTagMutability: template.imageTagMutability,
    exclusionFilters: template.imageTagMutabilityExclusionFilters ?? [],
    scanOnPush: false,
    encryption: template.encryptionConfiguration,
    tags: template.resourceTags ?? [],
    ...(lifecyclePolicy === undefined ? {} : { lifecyclePolicyText: lifecyclePolicyAsKept(lifecyclePolicy) }),
    ...(repositoryPolicy === undefined ? {} : { policyText: repositoryPolicy }),
  };
}

/** CreateRepository as the trail shows it when ECR itself calls; what AWS writes is not documented. */
function creationCall(account: AccountContext, repositoryName: string, template: Template): Call {
  const service = "ecr.amazonaws.com";
  return {
    service: "ecr",
    operation: "CreateRepository",
    parameters: {
      repositoryName,
      imageTagMutability: template.imageTagMutability,
      imageTagMutabilityExclusionFilters: template.imageTagMutabilityExclusionFilters,
      encryptionConfiguration: template.encryptionConfiguration,
      tags: template.resourceTags,
    },
    resources: [repositoryArn(account, repositoryName)],
    readOnly: false,
    identity: {
      type: "service",
      accountId: account.accountId,
      service,
      arn: `arn:aws:iam::${account.accountId}:role/aws-service-role/${service}/AWSServiceRoleForECRTemplate`,
      accessKeyId: "",
    },
    region: account.region,
    via: "api",
    sourceIp: service,
    userAgent: service,
    requestId: randomUUID(),
  };
}
