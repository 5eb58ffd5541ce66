import { isUsableKey, readPublicKey } from "../public-key.ts";

/** Undefined for a key that signatures can be verified with, else the rule in words, without a byte of the key. */
export function keyProblem(pem: string): string | undefined {
  if (pem.includes("PRIVATE KEY")) return "the key is a private key: the policy takes the public key alone";
  const key = readPublicKey(pem);
  if (key === undefined) return "the key is not one PEM block 'PUBLIC KEY' (SPKI)";
  if (isUsableKey(key)) return undefined;
  const { asymmetricKeyType: type, asymmetricKeyDetails: { namedCurve, modulusLength } = {} } = key;
  const kind = [type, namedCurve ?? modulusLength].join(" ").trim();
  return `the key is ${kind}: it must be ECDSA P-256, Ed25519, or RSA of 2048 bits or more`;
}
