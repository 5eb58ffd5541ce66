/** Layers through the API, the same for both registries: asking, and the upload in parts. */
import { AwsError } from "../aws/call.ts";
import { isDigest } from "../store/digest.ts";
import { StoreError } from "../store/store.ts";
import type { Target } from "./target.ts";

const mebibyte = 1024 * 1024;
/** What InitiateLayerUpload asks clients to send per part. AWS does not publish its value; public reports name 10 MiB. */
const partSize = 10 * mebibyte;
/** Service quotas, "Minimum layer part size"; the last part may be smaller. */
export const smallestPart = 5 * mebibyte;
const digestPattern = /^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/;

/**
 * `layers` and `failures` of BatchCheckLayerAvailability. A layer that is not there is UNAVAILABLE (as the tests of
 * awslabs/amazon-ecr-containerd-resolver expect it); MissingLayerDigest is for an empty digest.
 */
export function layerAvailability(target: Target, digests: readonly string[]) {
  const layers: Record<string, unknown>[] = [];
  const failures: Record<string, unknown>[] = [];
  for (const layerDigest of digests) {
    const refusal = refusalOf(layerDigest);
    if (refusal !== undefined) failures.push({ layerDigest, ...refusal });
    else layers.push(describeLayer(target, layerDigest));
  }
  return { layers, failures };
}

function refusalOf(digest: string) {
  if (digest === "")
    return { failureCode: "MissingLayerDigest", failureReason: "Invalid request parameters: missing layer digest" };
  if (digestPattern.test(digest)) return undefined;
  return {
    failureCode: "InvalidLayerDigest",
    failureReason: `Invalid request parameters: layer digest should satisfy the regex '${digestPattern.source.slice(1, -1)}'`,
  };
}

function describeLayer({ registry, repositoryName }: Target, layerDigest: string): Record<string, unknown> {
  const blob = registry.blob(repositoryName, layerDigest);
  if (blob === undefined) return { layerDigest, layerAvailability: "UNAVAILABLE" };
  return {
    layerDigest,
    layerAvailability: "AVAILABLE",
    layerSize: blob.size,
    // As in AWS's sample. An upload names no media type, so this cannot be the manifest's word for the layer.
    mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  };
}

/** Answer of InitiateLayerUpload; `partSize` in bytes. */
export async function startLayerUpload({ registry, repositoryName }: Target) {
  return { uploadId: await registry.startUpload(repositoryName), partSize };
}

export type LayerPart = {
  readonly uploadId: string;
  /** Both inclusive, counted from 0 over the whole layer. */
  readonly partFirstByte: number;
  readonly partLastByte: number;
  readonly layerPartBlob: Buffer;
};

/**
 * Answer of UploadLayerPart. Errors: UploadNotFound, InvalidLayerPart (API model: "The layer part size is not valid, or the
 * first byte specified is not consecutive to the last byte of a previous layer part upload"), LimitExceeded past the quota.
 */
export async function appendLayerPart(target: Target, part: LayerPart) {
  const { registry, registryId, repositoryName, largestLayer } = target;
  const { uploadId, partFirstByte, partLastByte, layerPartBlob } = part;
  const received = registry.uploadSize(repositoryName, uploadId);
  if (layerPartBlob.length === 0 || layerPartBlob.length !== partLastByte - partFirstByte + 1) {
    throw new StoreError("upload-offset", "the part's bytes are not those between its first and last", {
      uploadId,
      received,
    });
  }
  if (received + layerPartBlob.length > largestLayer) {
    throw new AwsError(
      "LimitExceededException",
      `The layer part would make the layer larger than the maximum layer size of ${largestLayer / mebibyte} MiB`,
    );
  }
  const size = await registry.appendUpload(repositoryName, uploadId, layerPartBlob, { offset: partFirstByte });
  return { registryId, repositoryName, uploadId, lastByteReceived: size - 1 };
}

/**
 * Answer of CompleteLayerUpload. Several digests are ways to name one layer (older clients send tarsum beside sha256), so the
 * first that the store can hold the bytes against counts. Errors: UploadNotFound, EmptyUpload, LayerPartTooSmall, InvalidLayer,
 * LayerAlreadyExists.
 */
export async function finishLayerUpload(target: Target, input: { uploadId: string; layerDigests: readonly string[] }) {
  const { registry, registryId, repositoryName } = target;
  const { uploadId, layerDigests } = input;
  const digest = layerDigests.find(isDigest) ?? layerDigests[0] ?? "";
  const options = { minimumPart: smallestPart, refuseExisting: true };
  const layer = await registry.finishUpload(repositoryName, uploadId, digest, options);
  return { registryId, repositoryName, uploadId, layerDigest: layer.digest };
}
