/** Members that the layer and image operations of both services share, from their API models. */
import { blob, type Shape, string } from "../aws/constraints.ts";
import { imageDigest, imageManifest, imageTag, layerDigests, partPosition, uploadId } from "../aws/shapes.ts";

/** UploadLayerPart. The model takes up to 20 MiB, although the quotas speak of 10. */
export const layerPartMembers: Record<string, Shape> = {
  uploadId,
  partFirstByte: partPosition,
  partLastByte: partPosition,
  layerPartBlob: blob({ max: 20_971_520 }),
};
export const layerPartRequired = Object.keys(layerPartMembers);

/** CompleteLayerUpload. */
export const layerEndMembers: Record<string, Shape> = { uploadId, layerDigests };
export const layerEndRequired = Object.keys(layerEndMembers);

/** PutImage; only the manifest is required. */
export const putImageMembers: Record<string, Shape> = {
  imageManifest,
  imageManifestMediaType: string(),
  imageTag,
  imageDigest,
};
