/** Encryption settings that ECR takes and the ones it refuses. */
import { invalidParameter } from "../aws/refusals.ts";
import type { Encryption } from "./settings.ts";

/**
 * The encryption to keep. Errors (InvalidParameterException): KMS_DSSE outside AWS GovCloud (US) (user guide, "Encryption at
 * rest"), a key with AES256 (user guide: the key is for KMS only).
 */
export function encryptionOf(input: Encryption | undefined, region: string): Encryption {
  const encryption = input ?? { encryptionType: "AES256" };
  if (encryption.encryptionType === "KMS_DSSE" && !region.startsWith("us-gov-")) {
    throw invalidParameter(
      "encryptionConfiguration.encryptionType",
      "KMS_DSSE is only supported in the AWS GovCloud (US) Regions",
    );
  }
  if (encryption.encryptionType === "AES256" && encryption.kmsKey) {
    throw invalidParameter(
      "encryptionConfiguration.kmsKey",
      "A KMS key must not be specified when encryptionType is AES256",
    );
  }
  return encryption;
}
