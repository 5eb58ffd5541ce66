/** HEAD, GET and DELETE of a blob. https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-blobs */
import { layerAvailability } from "../ecr/layers.ts";
import type { Target } from "../ecr/target.ts";
import { StoreError } from "../store/store.ts";
import { absolute, type RepositoryExchange } from "./exchange.ts";
import { OciError } from "./oci-error.ts";
import { performed, targetOf } from "./performed.ts";
import { respond } from "./respond.ts";

/** BatchCheckLayerAvailability, for whoever has credentials. Errors: NAME_UNKNOWN, BLOB_UNKNOWN. */
export async function headBlob(at: RepositoryExchange, digest: string): Promise<void> {
  requireDigestForm(digest);
  const call = { operation: "BatchCheckLayerAvailability", readOnly: true, members: { layerDigests: [digest] } };
  const size =
    at.caller === "anonymous"
      ? sizeOf(targetOf(at), digest)
      : await performed(at, call, async (target) => ({
          response: layerAvailability(target, [digest]),
          value: sizeOf(target, digest),
        }));
  if (size === undefined) throw unknown(digest);
  respond(at.response, 200, {
    "content-type": "application/octet-stream",
    "content-length": size,
    "docker-content-digest": digest,
    "accept-ranges": "bytes",
  });
}

/**
 * 307 to a signed address, as to S3 or CloudFront. Private: GetDownloadUrlForLayer; ECR Public has no such call. The API's rule that
 * an image must refer to the layer is not known of the hosts, and the OCI suite reads a blob right after its upload: not applied.
 */
export async function getBlob(at: RepositoryExchange, digest: string): Promise<void> {
  requireDigestForm(digest);
  const call = { operation: "GetDownloadUrlForLayer", readOnly: true, members: { layerDigest: digest } };
  const url =
    at.service === "ecr"
      ? await performed(at, call, async (target) => {
          const downloadUrl = signed(at, target, digest);
          return { response: { downloadUrl, layerDigest: digest }, value: downloadUrl };
        })
      : signed(at, targetOf(at), digest);
  respond(at.response, 307, { location: url });
}

/**
 * ECR has no call that deletes a layer; whoever may delete images may take away one that no image refers to. Error: UNSUPPORTED for
 * one that is in use.
 */
export async function deleteBlob(at: RepositoryExchange, digest: string): Promise<void> {
  requireDigestForm(digest);
  const call = { operation: "BatchDeleteImage", readOnly: false, members: { layerDigest: digest } };
  await performed(at, call, async ({ registry, repositoryName }) => {
    if (registry.isBlobReferenced(repositoryName, digest)) {
      throw new OciError(405, "UNSUPPORTED", `The layer with digest ${digest} is in use by an image`);
    }
    await registry.deleteBlob(repositoryName, digest);
    return { response: {}, value: undefined };
  });
  respond(at.response, 202);
}

function signed(at: RepositoryExchange, target: Target, digest: string): string {
  if (sizeOf(target, digest) === undefined) throw new StoreError("blob-unknown", `no blob ${digest}`, { digest });
  return absolute(at, at.account.downloadUrls.sign(at.side, target.repositoryName, digest));
}

function sizeOf({ registry, repositoryName }: Target, digest: string): number | undefined {
  return registry.blob(repositoryName, digest)?.size;
}

function requireDigestForm(digest: string): void {
  if (/^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/.test(digest)) return;
  throw new OciError(400, "DIGEST_INVALID", `'${digest}' is not a digest`);
}

function unknown(digest: string): OciError {
  return new OciError(404, "BLOB_UNKNOWN", `The layer with digest ${digest} does not exist`);
}
