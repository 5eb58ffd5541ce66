import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bundleLayers, signatureLayers, verifyBundle, verifySignatures } from "#shared/mirror/cosign.ts";
import { keyProblem } from "#shared/policy/schema/signature-key.ts";
import { bundleOf, newSigner, payloadOf, type Signer, signed, statementOf } from "../../../support/cosign.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

const release = newSigner("p256");
const edwards = newSigner("ed25519");
const rsa = newSigner("rsa");
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

describe("any change", () => {
  const flip = (bytes: Buffer, bit: number) => {
    const changed = Buffer.from(bytes);
    const at = bit % (bytes.length * 8);
    changed.writeUInt8(changed.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3);
    return changed;
  };

  it.each(SCHEMES)(
    "of one bit of payload, signature or digest keeps a signature with %s from verifying",
    (_, signer) => {
      const { payload, signature } = signed(signer, payloadOf(DIGEST));
      const bytes = Buffer.from(signature, "base64");
      const bit = fc.nat({ max: 1 << 16 });

      fc.assert(
        fc.property(bit, (at) => !verifySignatures(KEYS, [{ payload: flip(payload, at), signature }], DIGEST).verified),
      );
      fc.assert(
        fc.property(bit, (at) => {
          const changed = flip(bytes, at).toString("base64");
          return !verifySignatures(KEYS, [{ payload, signature: changed }], DIGEST).verified;
        }),
      );
      fc.assert(
        fc.property(bit, (at) => {
          const digest = flip(Buffer.from(DIGEST), at).toString("latin1");
          return !verifySignatures(KEYS, [{ payload, signature }], digest).verified;
        }),
      );
    },
  );

  it("of one bit of a bundle's statement or signature keeps it from verifying", () => {
    const bundle = JSON.parse(bundleOf(release, statementOf(DIGEST)).toString());
    const { payload, signatures } = bundle.dsseEnvelope;
    const verifies = (envelope: object) =>
      verifyBundle(KEYS, Buffer.from(JSON.stringify({ dsseEnvelope: { ...bundle.dsseEnvelope, ...envelope } })), DIGEST)
        .verified;
    const flipped = (text: string, at: number) => flip(Buffer.from(text, "base64"), at).toString("base64");

    expect(verifies({})).toBe(true);
    fc.assert(fc.property(fc.nat(), (at) => !verifies({ payload: flipped(payload, at) })));
    fc.assert(fc.property(fc.nat(), (at) => !verifies({ signatures: [{ sig: flipped(signatures[0].sig, at) }] })));
  });

  it("is never an exception: any bytes, any base64, any keys", () => {
    const bytes = fc.uint8Array({ maxLength: 600 }).map((array) => Buffer.from(array));
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.base64String(),
      bytes.map((it) => it.toString("base64")),
    );
    const pems = fc.oneof(
      texts,
      texts.map((text) => `-----BEGIN PUBLIC KEY-----\n${text}\n-----END PUBLIC KEY-----\n`),
    );

    fc.assert(
      fc.property(bytes, texts, pems, texts, (payload, signature, pem, digest) => {
        const keys = [...KEYS, { name: "any", pem }];
        expect(verifySignatures(keys, [{ payload, signature }], digest).verified).toBe(false);
        expect(verifyBundle(keys, payload, digest).verified).toBe(false);
        expect(keyProblem(pem)).toBeTypeOf("string");
        expect(signatureLayers(payload)).toEqual([]);
        expect(bundleLayers(payload)).toEqual([]);
      }),
    );
  });

  it("of the form is never an exception either: any JSON at any place, though the key signed it", () => {
    const any = fc.oneof(fc.jsonValue(), fc.constant({ toString: 1, length: 1 }), fc.constant([[]]));
    const image = fc.record({ "docker-manifest-digest": any });
    const critical = fc.record({ type: fc.constant("cosign container image signature"), image: fc.oneof(any, image) });
    const payloads = fc.oneof(any, fc.record({ critical: fc.oneof(any, critical) }));
    const subjects = fc.array(fc.oneof(any, fc.record({ digest: fc.oneof(any, fc.record({ sha256: any })) })));
    const statements = fc.record({
      _type: fc.constant("https://in-toto.io/Statement/v1"),
      predicateType: fc.constant("https://sigstore.dev/cosign/sign/v1"),
      subject: fc.oneof(any, subjects),
    });
    const envelopes = fc.record({ payload: any, payloadType: any, signatures: any });
    const bufferOf = (value: unknown) => Buffer.from(JSON.stringify(value));

    fc.assert(
      fc.property(payloads, statements, envelopes, any, (payload, statement, dsseEnvelope, layers) => {
        expect(verifySignatures(KEYS, [signed(edwards, bufferOf(payload))], DIGEST).verified).toBe(false);
        expect(verifyBundle(KEYS, bundleOf(edwards, bufferOf(statement)), DIGEST).verified).toBe(false);
        expect(verifyBundle(KEYS, bufferOf({ dsseEnvelope }), DIGEST).verified).toBe(false);
        expect(signatureLayers(bufferOf({ layers }))).toEqual([]);
        expect(bundleLayers(bufferOf({ layers }))).toEqual([]);
      }),
    );
  });
});
