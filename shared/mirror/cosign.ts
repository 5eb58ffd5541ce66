import { type KeyObject, verify } from "node:crypto";
import { isUsableKey, readPublicKey } from "../policy/public-key.ts";
import { isDigest } from "../registry/digest.ts";
import type { Descriptor } from "../registry/manifest.ts";

export interface SignatureKey {
  readonly name: string;
  /** PEM, SPKI ("BEGIN PUBLIC KEY"). */
  readonly pem: string;
}

/** What one layer of a cosign signature manifest carries. */
export interface CosignSignature {
  readonly payload: Buffer;
  /** base64, annotation dev.cosignproject.cosign/signature */
  readonly signature: string;
}

export type SignatureVerdict =
  | { readonly verified: true; readonly key: string }
  | { readonly verified: false; readonly reason: string };

/** Where a payload or a bundle lies, a blob of the repository that holds the manifest; its size is in bytes. */
export type SignatureBlob = Pick<Descriptor, "digest" | "size">;

/** Largest signed text that is judged, in bytes, so no larger payload need be read; a bound of ours: cosign's have about 250. */
export const LARGEST_PAYLOAD = 64 * 1024;

/** Media types of layers: SIGNATURE_SPEC.md and BUNDLE_SPEC.md in github.com/sigstore/cosign, specs. */
const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** Payload type of the DSSE envelopes that cosign makes. */
const IN_TOTO = "application/vnd.in-toto+json";

/** One signature, and what it says once it is known to be good. */
interface Claim {
  readonly signature: unknown;
  /** The very bytes that the signature covers. */
  readonly covers: Buffer;
  /** The image digests that these bytes name, none when they are no signature of an image. Asked only once the signature held. */
  readonly names: () => readonly unknown[];
}

/**
 * Whether any of the keys signed any of these payloads for exactly this image digest (`sha256:<hex>`). Never raises: whatever is wrong
 * is a reason, which counts the signatures looked at and says why the one that came nearest does not count.
 *
 * Payload: Red Hat's simple signing, names in this spelling alone. `critical.type` is cosign's own and nothing else, as in cosign
 * (sigstore/sigstore, pkg/signature/payload). `critical.identity.docker-reference` is not compared: cosign ignores it
 * (SIGNATURE_SPEC.md, "Simple Signing"), and it names the place of signing, from which an alias or a copy rightly differs.
 * The transparency log is not asked: a key is trusted for as long as the policy holds it.
 */
export function verifySignatures(
  keys: readonly SignatureKey[],
  signatures: readonly CosignSignature[],
  digest: string,
): SignatureVerdict {
  const claimOf = ({ payload, signature }: CosignSignature): Claim => {
    return { signature, covers: payload, names: () => payloadNames(payload) };
  };
  return judge(keys, signatures.map(claimOf), digest);
}

/**
 * The same for a sigstore bundle, which cosign 3 writes: a DSSE envelope with an in-toto statement whose subject is the image. Signed with
 * a plain key it needs neither Fulcio nor Rekor. Statements of another predicate (SBOM, provenance) are no signatures, though the same
 * key may have made them: "this is what is in it" is not "this may go out".
 * https://github.com/secure-systems-lab/dsse/blob/v1.0.2/protocol.md, signDigestBundle in cosign's cmd/cosign/cli/sign/sign.go
 */
export function verifyBundle(keys: readonly SignatureKey[], bundle: Buffer, digest: string): SignatureVerdict {
  const envelope = at(parseJson(bundle), "dsseEnvelope");
  const statement = decodeBase64(at(envelope, "payload"));
  if (statement === undefined || at(envelope, "payloadType") !== IN_TOTO) {
    return { verified: false, reason: "the bundle has no in-toto statement" };
  }
  // PAE, the pre-authentication encoding: the type is signed together with the text, and lengths are in bytes.
  const covers = Buffer.concat([Buffer.from(`DSSEv1 ${IN_TOTO.length} ${IN_TOTO} ${statement.length} `), statement]);
  const names = () => statementNames(statement);
  const claims = listOf(at(envelope, "signatures")).map((entry) => ({ signature: at(entry, "sig"), covers, names }));
  return judge(keys, claims, digest);
}

/**
 * The signatures that a manifest holds: a legacy image `sha256-<hex>.sig` or an OCI 1.1 referrer of artifactType
 * application/vnd.dev.cosign.artifact.sig.v1+json. The type of the manifest is not looked at: only the signed payload proves anything.
 * Layers and manifests that cannot be read hold none, and the verdict then says that there is none.
 */
export function signatureLayers(manifest: Buffer): (SignatureBlob & { readonly signature: string })[] {
  return layersOf(manifest, SIMPLE_SIGNING).flatMap(({ blob, layer }) => {
    const signature = at(layer, "annotations", "dev.cosignproject.cosign/signature");
    return typeof signature === "string" ? [{ ...blob, signature }] : [];
  });
}

/**
 * The sigstore bundles that a manifest holds, signatures and attestations alike: `verifyBundle` tells them
 * apart. Those of attestations may be as large as an SBOM.
 */
export function bundleLayers(manifest: Buffer): SignatureBlob[] {
  return layersOf(manifest, BUNDLE).map(({ blob }) => blob);
}

function judge(given: readonly SignatureKey[], claims: readonly Claim[], digest: string): SignatureVerdict {
  const keys = given.flatMap(({ name, pem }) => {
    const key = readPublicKey(pem);
    return key !== undefined && isUsableKey(key) ? [{ name, key }] : [];
  });
  let [nearest, why] = [-1, ""];
  for (const claim of claims) {
    const found = examine(keys, claim, digest);
    if (typeof found === "string") return { verified: true, key: found };
    if (found[0] > nearest) [nearest, why] = found;
  }
  const looked = claims.length === 1 ? "1 signature: it" : `${claims.length} signatures: the best`;
  return { verified: false, reason: nearest < 0 ? "there is no signature" : `looked at ${looked} ${why}` };
}

/** The name of the key that makes the claim good, or how near it came (more is nearer) and what it lacks. */
function examine(
  keys: readonly { name: string; key: KeyObject }[],
  { signature, covers, names }: Claim,
  digest: string,
): string | [near: number, why: string] {
  if (covers.length > LARGEST_PAYLOAD) return [0, `covers ${covers.length} bytes, more than ${LARGEST_PAYLOAD}`];
  const bytes = decodeBase64(signature);
  if (bytes === undefined) return [0, "is not base64"];
  const signer = keys.find(({ key }) =>
    verify(key.asymmetricKeyType === "ed25519" ? null : "sha256", covers, key, bytes),
  )?.name;
  if (signer === undefined) return [1, `is by none of the keys (${keys.map(({ name }) => name).join(", ")})`];
  const named = names();
  if (named.includes(digest)) return signer;
  const other = named.find((name) => typeof name === "string" && isDigest(name));
  return other === undefined
    ? [2, `is by ${signer}, but not for an image`]
    : [3, `is by ${signer}, but for another image, ${other}`];
}

/** https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#simple-signing */
function payloadNames(payload: Buffer): unknown[] {
  const critical = at(parseJson(payload), "critical");
  const isSignature = at(critical, "type") === "cosign container image signature";
  return isSignature ? [at(critical, "image", "docker-manifest-digest")] : [];
}

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
function statementNames(bytes: Buffer): unknown[] {
  const statement = parseJson(bytes);
  const isSignature =
    at(statement, "_type") === "https://in-toto.io/Statement/v1" &&
    at(statement, "predicateType") === "https://sigstore.dev/cosign/sign/v1";
  const hexes = listOf(isSignature && at(statement, "subject")).map((subject) => at(subject, "digest", "sha256"));
  // Only text may go into text: an object's own toString is whatever its writer wanted.
  return hexes.map((hex) => typeof hex === "string" && `sha256:${hex}`);
}

function layersOf(manifest: Buffer, mediaType: string): { readonly blob: SignatureBlob; readonly layer: unknown }[] {
  return listOf(at(parseJson(manifest), "layers")).flatMap((layer) => {
    const [digest, size] = [at(layer, "digest"), at(layer, "size")];
    const isBlob = typeof digest === "string" && isDigest(digest) && typeof size === "number" && size >= 0;
    return isBlob && at(layer, "mediaType") === mediaType ? [{ blob: { digest, size }, layer }] : [];
  });
}

/** JSON.parse takes the last of two equal names, as Go does, and no trailing bytes. What does not parse says nothing. */
function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Buffer.from passes over what is not base64, so the way back must give the same text. Line breaks may be there, as for Go's decoder:
 * cosign's EXAMPLES.md attaches what the command `base64` prints.
 */
function decodeBase64(text: unknown): Buffer | undefined {
  if (typeof text !== "string") return undefined;
  const plain = text.replace(/[\r\n]/g, "");
  const bytes = Buffer.from(plain, "base64");
  return bytes.toString("base64") === plain ? bytes : undefined;
}

/** What lies there, undefined when nothing does: JSON of strangers may hold anything anywhere. */
function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner, name) => (inner as Record<string, unknown> | null | undefined)?.[name], value);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
