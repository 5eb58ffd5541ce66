/** Input members that ECR and ECR Public share, from their API models (2015-09-21 and 2020-10-30). */
import { integer, list, long, type Shape, string, structure } from "./constraints.ts";

/** Twelve digits. The layer operations of ECR Public take `registryIdOrAlias` instead. */
export const registryId: Shape = string({ pattern: "[0-9]{12}" });
export const registryIdOrAlias: Shape = string({ min: 2, max: 50 });

export const maxResults: Shape = integer({ min: 1, max: 1000 });
export const nextToken: Shape = string();

const uuid = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";
export const uploadId: Shape = string({ pattern: uuid });
/** Position in an upload, in bytes from 0. */
export const partPosition: Shape = long({ min: 0 });

export const layerDigest: Shape = string({ pattern: "[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+" });
export const layerDigests: Shape = list(layerDigest, { min: 1, max: 100 });
/** BatchCheckLayerAvailability takes any text and answers bad digests with a failure each. */
export const anyLayerDigests: Shape = list(string({ min: 0, max: 1000 }), { min: 1, max: 100 });

export const imageTag: Shape = string({ min: 1, max: 300 });
export const imageDigest: Shape = string();
export const imageManifest: Shape = string({ min: 1, max: 4_194_304 });
export const imageId: Shape = structure({ imageDigest, imageTag });
export const imageIds: Shape = list(imageId, { min: 1, max: 100 });

export const policyText: Shape = string({ min: 0, max: 10_240 });
