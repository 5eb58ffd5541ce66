/** PATCH, PUT, GET and DELETE of an upload. https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks */
import { AwsError } from "../aws/call.ts";
import { smallestPart } from "../ecr/layers.ts";
import { digestOf } from "../store/digest.ts";
import { StoreError } from "../store/store.ts";
import { hasBody } from "./body.ts";
import { readContentRange } from "./content-range.ts";
import { absolute, type RepositoryExchange } from "./exchange.ts";
import { OciError } from "./oci-error.ts";
import { performed } from "./performed.ts";
import { notAuthorized } from "./refusals.ts";
import { respond } from "./respond.ts";

const emptyDigest = digestOf(Buffer.alloc(0));

/** 201 where the specification says 202, and a Range that sticks to the first chunk (containers-roadmap #2831). Errors: 404, 416. */
export async function patchUpload(at: RepositoryExchange, uploadId: string): Promise<void> {
  const size = await appendBody(at, uploadId);
  respond(at.response, 201, { ...uploadHeaders(at, uploadId), range: at.firstChunks.range(uploadId, size) });
}

/** Takes the last bytes, if there are any, and makes the blob. Errors: 404, 416, DIGEST_INVALID for what is no digest, those of `completeUpload`. */
export async function putUpload(at: RepositoryExchange, uploadId: string): Promise<void> {
  const digest = at.url.searchParams.get("digest");
  if (digest === null) throw new OciError(400, "DIGEST_INVALID", "The end of an upload names its digest: ?digest=");
  if (hasBody(at.request)) await appendBody(at, uploadId);
  await completeUpload(at, uploadId, digest);
  blobCreated(at, digest);
}

/** The true size, unlike the answer to PATCH: there is no record of ECR's. No API call. */
export async function getUpload(at: RepositoryExchange, uploadId: string): Promise<void> {
  if (at.caller === "anonymous") throw notAuthorized(at);
  const size = at.registry.uploadSize(at.repositoryName, uploadId);
  respond(at.response, 204, { ...uploadHeaders(at, uploadId), range: `0-${Math.max(0, size - 1)}` });
}

/** No API call. */
export async function deleteUpload(at: RepositoryExchange, uploadId: string): Promise<void> {
  if (at.caller === "anonymous") throw notAuthorized(at);
  await at.registry.cancelUpload(at.repositoryName, uploadId);
  at.firstChunks.forget(uploadId);
  respond(at.response, 204);
}

/**
 * UploadLayerPart with the request's body, streamed. Gives the upload's size. Errors: upload-unknown; upload-offset for a Content-Range
 * that does not continue it; LimitExceeded past the largest layer.
 */
export async function appendBody(at: RepositoryExchange, uploadId: string): Promise<number> {
  const { request } = at;
  const range = readContentRange(request);
  const length = Number(request.headers["content-length"] ?? Number.NaN);
  const first = range?.start ?? sizeIfThere(at, uploadId);
  const members = {
    uploadId,
    partFirstByte: first,
    ...(Number.isNaN(length) ? {} : { partLastByte: first + length - 1 }),
  };
  const call = { operation: "UploadLayerPart", readOnly: false, members };
  return performed(at, call, async ({ registry, registryId, repositoryName, largestLayer }) => {
    if (!Number.isNaN(length) && first + length > largestLayer) throw tooLarge(largestLayer);
    const options = range === undefined ? {} : { offset: range.start };
    const size = await registry.appendUpload(repositoryName, uploadId, request, options);
    return { response: { registryId, repositoryName, uploadId, lastByteReceived: size - 1 }, value: size };
  });
}

/**
 * CompleteLayerUpload; a blob that is there already is a success. Errors: BLOB_UPLOAD_INVALID for bytes of another digest, and for a
 * chunk below 5 MiB that was not the last: ECR holds chunks to the rule of layer parts (LayerPartTooSmallException on the trail of a
 * push in chunks, dotnet/sdk-container-builds #424; dotnet/sdk #33019).
 */
export async function completeUpload(at: RepositoryExchange, uploadId: string, digest: string): Promise<void> {
  const call = {
    operation: "CompleteLayerUpload",
    readOnly: false,
    members: { uploadId, layerDigests: [digest] },
  };
  await performed(at, call, async ({ registry, registryId, repositoryName, largestLayer }) => {
    const size = registry.uploadSize(repositoryName, uploadId);
    if (size > largestLayer) throw tooLarge(largestLayer);
    // A blob of no bytes has no part to bring.
    if (size === 0 && digest === emptyDigest) await registry.appendUpload(repositoryName, uploadId, Buffer.alloc(0));
    // Nor has it one that could be too small, when the client sent an empty one.
    const rule = size === 0 ? {} : { minimumPart: smallestPart };
    await registry.finishUpload(repositoryName, uploadId, digest, rule);
    return { response: { registryId, repositoryName, uploadId, layerDigest: digest }, value: undefined };
  });
  at.firstChunks.forget(uploadId);
}

export function blobCreated(at: RepositoryExchange, digest: string): void {
  const location = absolute(at, `${at.path}/blobs/${digest}`);
  respond(at.response, 201, { location, "docker-content-digest": digest });
}

export function uploadHeaders(at: RepositoryExchange, uploadId: string): Record<string, string> {
  return { location: absolute(at, `${at.path}/blobs/uploads/${uploadId}`), "docker-upload-uuid": uploadId };
}

/** An upload or repository that is not there is told by the call, on the trail, and not here. */
function sizeIfThere({ registry, repositoryName }: RepositoryExchange, uploadId: string): number {
  try {
    return registry.uploadSize(repositoryName, uploadId);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return 0;
  }
}

function tooLarge(largestLayer: number): AwsError {
  const mebibytes = largestLayer / 1024 / 1024;
  return new AwsError("LimitExceededException", `The layer is larger than the maximum layer size of ${mebibytes} MiB`);
}
