import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { keyProblem } from "#shared/policy/schema/signature-key.ts";
import { newSigner, type Signer, signerOf } from "../../../../support/cosign.ts";

const release = newSigner("p256");
const edwards = newSigner("ed25519");
const rsa = newSigner("rsa");
const SCHEMES: readonly (readonly [string, Signer])[] = [
  ["ECDSA P-256", release],
  ["Ed25519", edwards],
  ["RSA", rsa],
];

describe("keyProblem: a key of the policy", () => {
  const NOT_SPKI = "the key is not one PEM block 'PUBLIC KEY' (SPKI)";
  const RULE = "it must be ECDSA P-256, Ed25519, or RSA of 2048 bits or more";

  it.each(SCHEMES)("may be %s, with space around it or Windows' line ends", (_, { pem }) => {
    expect(keyProblem(pem)).toBeUndefined();
    expect(keyProblem(`\n  ${pem}\n`)).toBeUndefined();
    expect(keyProblem(pem.replaceAll("\n", "\r\n"))).toBeUndefined();
  });

  it.each([
    ["ECDSA P-384", pemOf("secp384r1"), `the key is ec secp384r1: ${RULE}`],
    ["ECDSA secp256k1", pemOf("secp256k1"), `the key is ec secp256k1: ${RULE}`],
    [
      "RSA of 1024 bits",
      signerOf(generateKeyPairSync("rsa", { modulusLength: 1024 })).pem,
      `the key is rsa 1024: ${RULE}`,
    ],
    [
      "RSA-PSS",
      signerOf(generateKeyPairSync("rsa-pss", { modulusLength: 2048 })).pem,
      `the key is rsa-pss 2048: ${RULE}`,
    ],
    ["Ed448", signerOf(generateKeyPairSync("ed448")).pem, `the key is ed448: ${RULE}`],
    ["X25519", signerOf(generateKeyPairSync("x25519")).pem, `the key is x25519: ${RULE}`],
    ["nothing", "", NOT_SPKI],
    ["two keys", release.pem + edwards.pem, NOT_SPKI],
    ["text around a key", `release:\n${release.pem}`, NOT_SPKI],
    ["a raw Ed25519 key", rawPem(Buffer.alloc(32, 7)), NOT_SPKI],
    ["a certificate", release.pem.replaceAll("PUBLIC KEY", "CERTIFICATE"), NOT_SPKI],
    ["a PKCS #1 key", release.pem.replaceAll("PUBLIC KEY", "RSA PUBLIC KEY"), NOT_SPKI],
    ["a cut key", release.pem.replace(/.{8}\n-----END/, "\n-----END"), NOT_SPKI],
  ])("may not be %s", (_, pem, problem) => {
    expect(keyProblem(pem)).toBe(problem);
  });

  it("may not be a private key, and none of it is repeated", () => {
    const pem = release.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

    expect(keyProblem(pem)).toBe("the key is a private key: the policy takes the public key alone");
    expect(keyProblem("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----")).toBe(keyProblem(pem));
  });
});

function pemOf(namedCurve: string): string {
  return signerOf(generateKeyPairSync("ec", { namedCurve })).pem;
}

function rawPem(bytes: Buffer): string {
  return `-----BEGIN PUBLIC KEY-----\n${bytes.toString("base64")}\n-----END PUBLIC KEY-----\n`;
}
