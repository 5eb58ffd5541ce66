import { createPublicKey, type KeyObject } from "node:crypto";

/**
 * A public key in PEM, SPKI; undefined for all else. Node would take a private key, a certificate and text around the key as well, so the
 * form is checked first.
 */
export function readPublicKey(pem: string): KeyObject | undefined {
  if (!/^\s*-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/.test(pem)) return undefined;
  try {
    return createPublicKey(pem.trim());
  } catch {
    // What OpenSSL says of a broken key ("DECODER routines::unsupported") helps nobody.
    return undefined;
  }
}

/**
 * Whether a key is of a type that signatures are verified with.
 *
 * ECDSA P-256 with sha256 is the scheme that SIGNATURE_SPEC.md requires; cosign hashes with sha256 for RSA (PKCS #1 v1.5) as well. With
 * other curves the hash differs between versions of cosign (sigstore/cosign issue 5091). Ed25519 signs the text itself, as in bundles
 * (sigstore/cosign pull request 4414). Ed25519ph does not verify, since Node 24 cannot, though cosign 2 uses it for simple signing
 * (GetDefaultLoadOptions in its pkg/cosign/keys.go): with such a key, signatures have to be bundles, or come from another tool.
 */
export function isUsableKey({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (type === "ec") return details?.namedCurve === "prime256v1";
  return type === "ed25519" || (type === "rsa" && (details?.modulusLength ?? 0) >= 2048);
}
