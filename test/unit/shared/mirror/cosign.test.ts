import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type CosignSignature, LARGEST_PAYLOAD, verifySignatures } from "#shared/mirror/cosign.ts";
import { newSigner, payloadOf, type Signer, signatureOf, signed, signerOf } from "../../../support/cosign.ts";
import { partOf } from "../../../support/image-parts.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const OTHER = `sha256:${"b".repeat(64)}`;

const release = newSigner("p256");
const edwards = newSigner("ed25519");
const rsa = newSigner("rsa");
const stranger = newSigner("p256");
const SCHEMES: readonly (readonly [string, Signer])[] = [
  ["ECDSA P-256", release],
  ["Ed25519", edwards],
  ["RSA", rsa],
];
const KEYS = [
  { name: "release", pem: release.pem },
  { name: "edwards", pem: edwards.pem },
  { name: "rsa", pem: rsa.pem },
];

const refused = (reason: string) => ({ verified: false, reason });

describe("a signature of cosign", () => {
  it.each(SCHEMES)("verifies with %s, and the key is named", (_, signer) => {
    const name = KEYS.find(({ pem }) => pem === signer.pem)?.name;

    expect(verifySignatures(KEYS, [signed(signer, payloadOf(DIGEST))], DIGEST)).toEqual({ verified: true, key: name });
  });

  /**
   * Made by cosign, log index 156088209 of rekor.sigstore.dev: the output of `cosign verify` in the README of
   * github.com/agoric-labs/fast-usdc-offchain-watcher. The payload's sha256 is the one in the log entry.
   */
  it("that cosign itself made verifies", () => {
    const pem = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEhzOq/IS7ja9HY3UEryrKgWiXNeY
xd2GE3+3KxsdudbjCNwG37OWIru+011cNykl6RVVhMpsgli+TMCEpp1Qog==
-----END PUBLIC KEY-----
`;
    const digest = "sha256:424bfd4e1b9739342baae69ededd18b032525ae71fd14f98c5a157766eb67aa1";
    const payload = payloadOf(digest, "index.docker.io/simplystaking/agoric-fast-usdc-ocw");
    const signature =
      "MEQCIBp4poU21DV1cafn+svJ6GNziDLkv+zjy6czlwUKkyS8AiBG+4Jb2V1rGGk5qYRDkQePAZWaUUus2gI1kqFhA8HEhg==";
    const keys = [{ name: "agoric", pem }];

    expect(partOf(payload).digest).toBe("sha256:c4f663ac47d7035672eb2196b5c899fc523aeb3536c648ceef9c3822179a07ea");
    expect(verifySignatures(keys, [{ payload, signature }], digest)).toEqual({ verified: true, key: "agoric" });
    expect(verifySignatures(keys, [{ payload, signature }], DIGEST)).toEqual(
      refused(`looked at 1 signature: it is by agoric, but for another image, ${digest}`),
    );
  });

  it("counts among others that do not", () => {
    const signatures = [signed(stranger, payloadOf(DIGEST)), signed(release, payloadOf(DIGEST))];

    expect(verifySignatures(KEYS, signatures, DIGEST)).toEqual({ verified: true, key: "release" });
  });

  it("may have the line breaks that the command base64 makes", () => {
    const payload = payloadOf(DIGEST);
    const signature = `${signatureOf(rsa, payload).replace(/.{76}/g, "$&\r\n")}\n`;

    expect(verifySignatures(KEYS, [{ payload, signature }], DIGEST)).toEqual({ verified: true, key: "rsa" });
  });

  it("was made anywhere: the reference that was signed is not compared", () => {
    const signatures = [signed(release, payloadOf(DIGEST, "elsewhere.example/other"))];

    expect(verifySignatures(KEYS, signatures, DIGEST)).toEqual({ verified: true, key: "release" });
  });
});

describe("a refusal of signatures", () => {
  const keys = [
    { name: "release", pem: release.pem },
    { name: "old", pem: edwards.pem },
  ];
  const byStranger = signed(stranger, payloadOf(DIGEST));
  const forOther = signed(release, payloadOf(OTHER));
  const unreadable: CosignSignature = { payload: payloadOf(DIGEST), signature: "no base64!" };

  it("says that there is none", () => {
    expect(verifySignatures(keys, [], DIGEST)).toEqual(refused("there is no signature"));
  });

  it("names the keys that did not make it", () => {
    expect(verifySignatures(keys, [byStranger], DIGEST)).toEqual(
      refused("looked at 1 signature: it is by none of the keys (release, old)"),
    );
  });

  it("names the image that was signed instead", () => {
    expect(verifySignatures(keys, [forOther], DIGEST)).toEqual(
      refused(`looked at 1 signature: it is by release, but for another image, ${OTHER}`),
    );
  });

  it("tells of the one that came nearest, whatever the order", () => {
    const other = `looked at 3 signatures: the best is by release, but for another image, ${OTHER}`;

    expect(verifySignatures(keys, [unreadable, byStranger, forOther], DIGEST)).toEqual(refused(other));
    expect(verifySignatures(keys, [forOther, byStranger, unreadable], DIGEST)).toEqual(refused(other));
    expect(verifySignatures(keys, [unreadable, byStranger], DIGEST)).toEqual(
      refused("looked at 2 signatures: the best is by none of the keys (release, old)"),
    );
  });

  it("tells of the first of those that came equally near", () => {
    const third = `sha256:${"c".repeat(64)}`;

    expect(verifySignatures(keys, [forOther, signed(release, payloadOf(third))], DIGEST)).toEqual(
      refused(`looked at 2 signatures: the best is by release, but for another image, ${OTHER}`),
    );
  });

  it.each([
    ["with a stranger's letters", "no base64!"],
    ["in base64url", signatureOf(release, payloadOf(DIGEST)).replace(/=*$/, "_-")],
    ["without its padding", `${"A".repeat(10)}`],
    ["with bits that base64 leaves unused", "AB=="],
    ["with a space before it", ` ${signatureOf(release, payloadOf(DIGEST))}`],
  ])("says that a signature is not base64: %s", (_, signature) => {
    expect(verifySignatures(keys, [{ payload: payloadOf(DIGEST), signature }], DIGEST)).toEqual(
      refused("looked at 1 signature: it is not base64"),
    );
  });

  it("takes a payload of 64 KiB and not one byte more", () => {
    const padded = (size: number) => {
      const text = payloadOf(DIGEST).toString();
      return Buffer.from(text + " ".repeat(size - text.length));
    };

    expect(verifySignatures(keys, [signed(release, padded(LARGEST_PAYLOAD))], DIGEST).verified).toBe(true);
    expect(verifySignatures(keys, [signed(release, padded(LARGEST_PAYLOAD + 1))], DIGEST)).toEqual(
      refused("looked at 1 signature: it covers 65537 bytes, more than 65536"),
    );
  });

  const critical = JSON.parse(payloadOf(DIGEST).toString()).critical;
  it.each([
    ["no JSON", "sha256"],
    ["JSON with a byte behind it", `${payloadOf(DIGEST)}x`],
    ["null", "null"],
    ["another type", JSON.stringify({ critical: { ...critical, type: "atomic container signature" } })],
    ["no type", JSON.stringify({ critical: { image: critical.image } })],
    ["no image", JSON.stringify({ critical: { type: critical.type } })],
    ["a digest that is none", JSON.stringify({ critical: { ...critical, image: { "docker-manifest-digest": "a" } } })],
    ["names in the spelling of cosign 0", payloadOf(DIGEST).toString().replace("docker-manifest", "Docker-manifest")],
  ])("comes for a good signature over %s", (_, text) => {
    expect(verifySignatures(keys, [signed(release, Buffer.from(text))], DIGEST)).toEqual(
      refused("looked at 1 signature: it is by release, but not for an image"),
    );
  });

  it("comes for a digest that is a part of the signed one, or the signed one in capitals", () => {
    const signatures = [signed(release, payloadOf(DIGEST))];

    for (const digest of [DIGEST.slice(0, -1), `${DIGEST}a`, DIGEST.toUpperCase(), DIGEST.replace("sha256:", ""), ""]) {
      expect(verifySignatures(keys, signatures, digest).verified).toBe(false);
    }
  });

  it("reads the last of two equal names, as Go does", () => {
    const twice = (first: string, last: string) =>
      Buffer.from(
        payloadOf(last)
          .toString()
          .replace('"image":{', `"image":{"docker-manifest-digest":${JSON.stringify(first)},`),
      );

    expect(verifySignatures(keys, [signed(release, twice(OTHER, DIGEST))], DIGEST).verified).toBe(true);
    expect(verifySignatures(keys, [signed(release, twice(DIGEST, OTHER))], DIGEST).verified).toBe(false);
  });

  it("comes when no key can be used, without an exception", () => {
    const unusable = [{ name: "p384", pem: pemOf("secp384r1") }];

    expect(verifySignatures(unusable, [byStranger], DIGEST)).toEqual(
      refused("looked at 1 signature: it is by none of the keys ()"),
    );
    expect(verifySignatures([], [byStranger], DIGEST).verified).toBe(false);
  });

  it("comes for a good signature of a key that may not be used", () => {
    const weak = signerOf(generateKeyPairSync("rsa", { modulusLength: 1024 }));
    const p384 = signerOf(generateKeyPairSync("ec", { namedCurve: "secp384r1" }));

    for (const signer of [weak, p384]) {
      const signatures = [signed(signer, payloadOf(DIGEST))];
      expect(verifySignatures([{ name: "key", pem: signer.pem }], signatures, DIGEST).verified).toBe(false);
    }
  });
});

function pemOf(namedCurve: string): string {
  return signerOf(generateKeyPairSync("ec", { namedCurve })).pem;
}
