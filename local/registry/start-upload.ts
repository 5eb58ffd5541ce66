/** POST of an upload. https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs */
import { startLayerUpload } from "../ecr/layers.ts";
import type { RepositoryExchange } from "./exchange.ts";
import { mountedFrom } from "./mount.ts";
import { performed } from "./performed.ts";
import { respond } from "./respond.ts";
import { appendBody, blobCreated, completeUpload, uploadHeaders } from "./uploads.ts";
import { readyForPush } from "./write-manifest.ts";

/**
 * InitiateLayerUpload; with `mount` and `from` MountLayer where ECR would, and with `digest` the whole blob at once.
 * Errors: NAME_UNKNOWN, and those of the upload.
 */
export async function startUpload(at: RepositoryExchange): Promise<void> {
  const { searchParams } = at.url;
  const mount = searchParams.get("mount");
  const from = searchParams.get("from");
  if (mount !== null && from !== null && (await mountedFrom(at, mount, from))) {
    blobCreated(at, mount);
    return;
  }
  const call = { operation: "InitiateLayerUpload", readOnly: false, before: () => readyForPush(at) };
  const uploadId = await performed(at, call, async (target) => {
    const response = await startLayerUpload(target);
    return { response, value: response.uploadId };
  });
  const digest = searchParams.get("digest");
  if (digest !== null) {
    await appendBody(at, uploadId);
    await completeUpload(at, uploadId, digest);
    blobCreated(at, digest);
    return;
  }
  respond(at.response, 202, { ...uploadHeaders(at, uploadId), range: "0-0" });
}
