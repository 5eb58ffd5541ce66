/** Signs images as cosign does, for tests. Shares no code with what is tested. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { descriptorOf, type Part, partOf, type TestImage, TYPE } from "./image-parts.ts";

const SIGNATURE_ARTIFACT = "application/vnd.dev.cosign.artifact.sig.v1+json";
const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** What `cosign sign` writes into a bundle; attestations have another type. */
export const SIGN_PREDICATE = "https://sigstore.dev/cosign/sign/v1";

export interface Signer {
  /** SPKI. */
  readonly pem: string;
  readonly privateKey: KeyObject;
}

export type Scheme = "p256" | "ed25519" | "rsa";

/** A fresh key pair. */
export function newSigner(scheme: Scheme = "p256"): Signer {
  if (scheme === "ed25519") return signerOf(generateKeyPairSync("ed25519"));
  if (scheme === "rsa") return signerOf(generateKeyPairSync("rsa", { modulusLength: 2048 }));
  return signerOf(generateKeyPairSync("ec", { namedCurve: "prime256v1" }));
}

export function signerOf({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): Signer {
  return { pem: publicKey.export({ type: "spki", format: "pem" }).toString(), privateKey };
}

/** base64 of the signature over these bytes. */
export function signatureOf({ privateKey }: Signer, bytes: Buffer): string {
  const hash = privateKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  return sign(hash, bytes, privateKey).toString("base64");
}

/** The text that cosign signs for an image, in the order and spacing of Go. */
export function payloadOf(digest: string, reference = "registry.example/app"): Buffer {
  const identity = { "docker-reference": reference };
  const image = { "docker-manifest-digest": digest };
  const critical = { identity, image, type: "cosign container image signature" };
  return Buffer.from(JSON.stringify({ critical, optional: null }));
}

/** A payload with its signature. */
export function signed(signer: Signer, payload: Buffer): { payload: Buffer; signature: string } {
  return { payload, signature: signatureOf(signer, payload) };
}

/** The manifest that cosign 1 and 2 tag `sha256-<hex>.sig`; with a subject it is an OCI 1.1 referrer. */
export function signatureImage(
  signers: readonly Signer[],
  image: Part,
  options: { referrer?: boolean } = {},
): TestImage {
  const payload = partOf(payloadOf(image.digest), SIMPLE_SIGNING);
  const layers = signers.map((signer) => ({
    ...descriptorOf(payload),
    annotations: { "dev.cosignproject.cosign/signature": signatureOf(signer, payload.bytes) },
  }));
  const config = partOf(JSON.stringify({ rootfs: { type: "layers", diff_ids: [payload.digest] } }), TYPE.config);
  const text = {
    schemaVersion: 2,
    mediaType: TYPE.image,
    ...(options.referrer ? { artifactType: SIGNATURE_ARTIFACT } : {}),
    config: descriptorOf(config),
    layers,
    ...(options.referrer ? { subject: descriptorOf(image) } : {}),
  };
  return { ...partOf(JSON.stringify(text), TYPE.image), blobs: [config, payload], children: [] };
}

/** An in-toto statement about an image, in the spacing of Go's protojson. */
export function statementOf(digest: string, predicateType: string = SIGN_PREDICATE): Buffer {
  const subject = `[{"digest":{"sha256":"${digest.replace("sha256:", "")}"}, "annotations":{}}]`;
  return Buffer.from(
    `{"_type":"https://in-toto.io/Statement/v1", "subject":${subject}, "predicateType":"${predicateType}", "predicate":{}}`,
  );
}

/** A sigstore bundle around any text. */
export function bundleOf(signer: Signer, statement: Buffer, payloadType = "application/vnd.in-toto+json"): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${statement.length} `;
  const sig = signatureOf(signer, Buffer.concat([Buffer.from(head), statement]));
  const dsseEnvelope = { payload: statement.toString("base64"), payloadType, signatures: [{ sig }] };
  const verificationMaterial = { publicKey: { hint: "unused" } };
  return Buffer.from(JSON.stringify({ mediaType: BUNDLE, verificationMaterial, dsseEnvelope }));
}

/** The referrer that cosign 3 makes: one bundle as its layer. */
export function bundleImage(signer: Signer, image: Part, predicateType: string = SIGN_PREDICATE): TestImage {
  const bundle = partOf(bundleOf(signer, statementOf(image.digest, predicateType)), BUNDLE);
  const config = partOf("{}", "application/vnd.oci.empty.v1+json");
  const text = {
    schemaVersion: 2,
    mediaType: TYPE.image,
    artifactType: BUNDLE,
    config: descriptorOf(config),
    layers: [descriptorOf(bundle)],
    subject: descriptorOf(image),
    annotations: { "dev.sigstore.bundle.content": "dsse-envelope", "dev.sigstore.bundle.predicateType": predicateType },
  };
  return { ...partOf(JSON.stringify(text), TYPE.image), blobs: [config, bundle], children: [] };
}
