/** Mounting a blob of another repository. https://docs.aws.amazon.com/AmazonECR/latest/userguide/blob-mounting.html */
import { isDeepStrictEqual } from "node:util";
import { AwsError } from "../aws/call.ts";
import { accountSetting } from "../ecr/account-settings.ts";
import { repositoryArn } from "../ecr/arn.ts";
import { settingsOf } from "../ecr/settings.ts";
import type { RepositoryExchange } from "./exchange.ts";
import { performed, performedOn } from "./performed.ts";

/**
 * Whether the blob was mounted. False, and nothing done, where ECR uploads instead: at the public host, with BLOB_MOUNTING not
 * enabled, with other encryption, for a blob that no image of the source refers to (containers-roadmap #2860), or for a caller without
 * ecr:GetDownloadUrlForLayer on the source. MountLayer is the name in the trail; its permission is not documented and taken to be
 * that of an upload.
 */
export async function mountedFrom(at: RepositoryExchange, digest: string, from: string): Promise<boolean> {
  if (!isMountable(at, digest, from) || !(await mayRead(at, digest, from))) return false;
  const call = {
    operation: "MountLayer",
    action: "ecr:InitiateLayerUpload",
    readOnly: false,
    members: { layerDigest: digest, sourceRepositoryName: from },
  };
  return performed(at, call, async ({ registry, registryId, repositoryName }) => {
    await registry.mountBlob(repositoryName, digest, from);
    return { response: { registryId, repositoryName, layerDigest: digest }, value: true };
  });
}

function isMountable({ account, service, registry, repositoryName }: RepositoryExchange, digest: string, from: string) {
  if (service !== "ecr" || accountSetting(account, "BLOB_MOUNTING") !== "ENABLED") return false;
  const [source, target] = [registry.repository(from), registry.repository(repositoryName)];
  if (source === undefined || target === undefined) return false;
  if (registry.blob(from, digest) === undefined || !registry.isBlobReferenced(from, digest)) return false;
  return isDeepStrictEqual(settingsOf(source).encryption, settingsOf(target).encryption);
}

async function mayRead(at: RepositoryExchange, layerDigest: string, from: string): Promise<boolean> {
  const { account, service } = at;
  const parameters = { registryId: account.accountId, repositoryName: from, layerDigest };
  const call = { service, operation: "GetDownloadUrlForLayer", readOnly: true, parameters };
  try {
    await performedOn(at, { ...call, resource: repositoryArn(account, from) }, async () => ({
      response: { layerDigest },
      value: undefined,
    }));
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code === "AccessDeniedException") return false;
    throw error;
  }
}
