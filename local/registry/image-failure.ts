/** What BatchGetImage and BatchDeleteImage tell per image, as the registry hosts tell it. */
import type { ImageFailure } from "../ecr/image-ids.ts";
import { type OciCode, OciError } from "./oci-error.ts";

/** "Requested image not found" is what docker prints after "manifest unknown:". The others are not recorded. */
const table: Readonly<Record<string, readonly [status: number, code: OciCode]>> = {
  ImageNotFound: [404, "MANIFEST_UNKNOWN"],
  InvalidImageDigest: [400, "DIGEST_INVALID"],
  InvalidImageTag: [400, "TAG_INVALID"],
  // The image may not go while an index needs it: no right and no later try would change that.
  ImageReferencedByManifestList: [405, "UNSUPPORTED"],
};

export function failed({ failureCode, failureReason }: ImageFailure): OciError {
  const [status, code] = table[failureCode] ?? [400, "UNKNOWN"];
  return new OciError(status, code, failureReason);
}
