import { describe, expect, it } from "vitest";
import { bundleLayers, signatureLayers, verifyBundle, verifySignatures } from "#shared/mirror/cosign.ts";
import {
  bundleImage,
  bundleOf,
  newSigner,
  payloadOf,
  type Signer,
  signatureImage,
  signatureOf,
  statementOf,
} from "../../../support/cosign.ts";
import { imageOf, partOf } from "../../../support/image-parts.ts";

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

describe("a sigstore bundle", () => {
  it.each(SCHEMES)("signed with a plain key verifies with %s", (_, signer) => {
    const name = KEYS.find(({ pem }) => pem === signer.pem)?.name;

    expect(verifyBundle(KEYS, bundleOf(signer, statementOf(DIGEST)), DIGEST)).toEqual({ verified: true, key: name });
  });

  /** Made by cosign 3, 2026-06-09: test data of the OCI client in github.com/cloud-boot/tamago-uefi (liveCosignV3BundleJSON). */
  it("that cosign 3 itself made verifies", () => {
    const bundle = Buffer.from(
      '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial":{"publicKey":{"hint":"h162TZsIBy5Y8U9qYWcmpVAp5dKpXhR7gnz8sNfZjV4="}}, "dsseEnvelope":{"payload":"eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCAic3ViamVjdCI6W3siZGlnZXN0Ijp7InNoYTI1NiI6IjUwOTliODlkNzY2NmNjMjE4NmNhZDc2OWRkYzI2MmRkYzdjMzM1YjMzZjVmZTc5ZjlmZmU1MGEwMTI4MmIyM2UifSwgImFubm90YXRpb25zIjp7fX1dLCAicHJlZGljYXRlVHlwZSI6Imh0dHBzOi8vc2lnc3RvcmUuZGV2L2Nvc2lnbi9zaWduL3YxIiwgInByZWRpY2F0ZSI6e319", "payloadType":"application/vnd.in-toto+json", "signatures":[{"sig":"MEUCIBs2jKDupMmrqsjzI3W2oiID2y0P7n4UKT/RZHFeUOuhAiEA4SWsNDZXQBFqaA1/npF+HOGAaG2iuA52mxgPFCpgQog="}]}}',
    );
    const pem = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEoJmXprHRCRJdqHnRaPDkVssbQNO1
is6XUr+/ApqnDi8HvBCRPbwU2P8jgkgtOOggNUf03tvJe0/9eZOb04aDbQ==
-----END PUBLIC KEY-----
`;
    const digest = "sha256:5099b89d7666cc2186cad769ddc262ddc7c335b33f5fe79f9ffe50a01282b23e";

    expect(verifyBundle([{ name: "v3", pem }], bundle, digest)).toEqual({ verified: true, key: "v3" });
    expect(verifyBundle([{ name: "v3", pem }], bundle, DIGEST)).toEqual(
      refused(`looked at 1 signature: it is by v3, but for another image, ${digest}`),
    );
    expect(verifyBundle(KEYS, bundle, digest)).toEqual(
      refused("looked at 1 signature: it is by none of the keys (release, edwards, rsa)"),
    );
  });

  it("with an attestation by the same key is no signature", () => {
    const statement = statementOf(DIGEST, "https://slsa.dev/provenance/v1");

    expect(verifyBundle(KEYS, bundleOf(release, statement), DIGEST)).toEqual(
      refused("looked at 1 signature: it is by release, but not for an image"),
    );
  });

  it("whose statement has another version is no signature", () => {
    const statement = Buffer.from(statementOf(DIGEST).toString().replace("Statement/v1", "Statement/v2"));

    expect(verifyBundle(KEYS, bundleOf(release, statement), DIGEST)).toEqual(
      refused("looked at 1 signature: it is by release, but not for an image"),
    );
  });

  it("counts with any of its subjects and with any of its signatures", () => {
    const text = statementOf(OTHER).toString();
    const subject = `{"digest":{"sha256":"${DIGEST.slice(7)}"}}`;
    const statement = Buffer.from(text.replace('"subject":[', `"subject":[${subject}, `));
    const bundle = JSON.parse(bundleOf(release, statement).toString());
    bundle.dsseEnvelope.signatures.unshift({ sig: signatureOf(stranger, statement) }, null);

    expect(verifyBundle(KEYS, Buffer.from(JSON.stringify(bundle)), DIGEST)).toEqual({ verified: true, key: "release" });
    expect(verifyBundle(KEYS, Buffer.from(JSON.stringify(bundle)), OTHER)).toEqual({ verified: true, key: "release" });
  });

  it("is not signed by a signature over the bare statement, without its type", () => {
    const bundle = JSON.parse(bundleOf(release, statementOf(DIGEST)).toString());
    bundle.dsseEnvelope.signatures = [{ sig: signatureOf(release, statementOf(DIGEST)) }];

    expect(verifyBundle(KEYS, Buffer.from(JSON.stringify(bundle)), DIGEST)).toEqual(
      refused("looked at 1 signature: it is by none of the keys (release, edwards, rsa)"),
    );
  });

  it.each([
    ["no JSON", Buffer.from("{")],
    ["a message signature", Buffer.from('{"messageSignature":{"signature":"AAAA"}}')],
    ["an envelope of another type", bundleOf(release, statementOf(DIGEST), "application/json")],
    [
      "a payload that is not base64",
      Buffer.from('{"dsseEnvelope":{"payload":"*","payloadType":"application/vnd.in-toto+json"}}'),
    ],
  ])("is refused when it holds %s", (_, bundle) => {
    expect(verifyBundle(KEYS, bundle, DIGEST)).toEqual(refused("the bundle has no in-toto statement"));
  });

  it("without signatures has none", () => {
    const bundle = JSON.parse(bundleOf(release, statementOf(DIGEST)).toString());
    bundle.dsseEnvelope.signatures = [];

    expect(verifyBundle(KEYS, Buffer.from(JSON.stringify(bundle)), DIGEST)).toEqual(refused("there is no signature"));
  });
});

describe("the layers of a manifest", () => {
  const image = imageOf([partOf("layer")]);

  it.each([
    ["a .sig image", {}],
    ["a referrer", { referrer: true }],
  ])("of %s give each signature with where its payload lies", (_, options) => {
    const manifest = signatureImage([release, edwards], image, options);
    const payload = partOf(payloadOf(image.digest));

    const layers = signatureLayers(manifest.bytes);

    expect(layers.map(({ digest, size }) => ({ digest, size }))).toEqual(
      Array(2).fill({ digest: payload.digest, size: payload.bytes.length }),
    );
    const signatures = layers.map(({ signature }) => ({ payload: payload.bytes, signature }));
    expect(verifySignatures(KEYS, signatures.slice(0, 1), image.digest)).toEqual({ verified: true, key: "release" });
    expect(verifySignatures(KEYS, signatures.slice(1), image.digest)).toEqual({ verified: true, key: "edwards" });
    expect(bundleLayers(manifest.bytes)).toEqual([]);
  });

  it("of a referrer of cosign 3 give the bundle", () => {
    const manifest = bundleImage(release, image);
    const bundle = partOf(manifest.blobs[1]?.bytes ?? "");

    expect(bundleLayers(manifest.bytes)).toEqual([{ digest: bundle.digest, size: bundle.bytes.length }]);
    expect(signatureLayers(manifest.bytes)).toEqual([]);
    expect(verifyBundle(KEYS, bundle.bytes, image.digest)).toEqual({ verified: true, key: "release" });
  });

  it("without annotation, of another type, or that name no blob are passed over", () => {
    const [layer] = JSON.parse(signatureImage([release], image).bytes.toString()).layers;
    const layers = [
      null,
      { ...layer, annotations: undefined },
      { ...layer, annotations: null },
      { ...layer, annotations: { "dev.cosignproject.cosign/signature": 1 } },
      { ...layer, mediaType: "application/octet-stream" },
      { ...layer, digest: "sha256:../../secret" },
      { ...layer, digest: undefined },
      { ...layer, size: "1" },
      { ...layer, size: -1 },
    ];

    expect(signatureLayers(Buffer.from(JSON.stringify({ layers })))).toEqual([]);
    expect(signatureLayers(Buffer.from(JSON.stringify({ layers: [...layers, layer] })))).toHaveLength(1);
    expect(signatureLayers(image.bytes)).toEqual([]);
  });
});
