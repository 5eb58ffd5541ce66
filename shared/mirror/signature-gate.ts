import type { MirrorRule } from "../policy/schema.ts";
import { sha256 } from "../registry/digest.ts";
import {
  bundleLayers,
  type CosignSignature,
  LARGEST_PAYLOAD,
  type SignatureBlob,
  type SignatureVerdict,
  signatureLayers,
  verifyBundle,
  verifySignatures,
} from "./cosign.ts";
import type { GatedImage } from "./gates.ts";
import type { MirrorSource } from "./source.ts";

/** Signatures that are read of one image: a hostile manifest can name thousands. The newest are not known from the others. */
const MOST_SIGNATURES = 50;

/**
 * Whether one of the policy's keys has signed the very digest that is in the private registry. A signature that is there and does not
 * verify refuses the image; one that is not there may still come. Errors: AutopilotError of the reads.
 */
export async function signatureVerdict(
  source: MirrorSource,
  { repository, image, accessories }: GatedImage,
  { signature }: MirrorRule["gates"],
): Promise<{ outcome: "passed" } | { outcome: "waiting" | "refused"; reason: string }> {
  const keys = signature?.keys ?? [];
  const reasons: string[] = [];
  let read = 0;
  for (const { subject, root } of accessories) {
    if (subject !== image.digest || read >= MOST_SIGNATURES) continue;
    for await (const verdict of verdictsOf(source, repository, root.bytes, keys, image.digest)) {
      if (verdict.verified) return { outcome: "passed" };
      reasons.push(verdict.reason);
      read += 1;
      if (read >= MOST_SIGNATURES) break;
    }
  }
  if (reasons.length === 0) {
    const names = keys.map(({ name }) => name).join(", ");
    return {
      outcome: "waiting",
      reason: `${image.digest} is not signed; one of these keys must have signed it: ${names}`,
    };
  }
  return { outcome: "refused", reason: [...new Set(reasons)].join("; ") };
}

/** One verdict for each signature in a manifest, whichever of cosign's two forms it has; none for a manifest that holds no signature. */
async function* verdictsOf(
  source: MirrorSource,
  repository: string,
  manifest: Buffer,
  keys: Parameters<typeof verifySignatures>[0],
  digest: string,
): AsyncGenerator<SignatureVerdict> {
  for (const { signature, ...blob } of signatureLayers(manifest)) {
    const payload = await readSmall(source, repository, blob);
    const signatures: CosignSignature[] = payload === undefined ? [] : [{ payload, signature }];
    yield verifySignatures(keys, signatures, digest);
  }
  for (const blob of bundleLayers(manifest)) {
    const bundle = await readSmall(source, repository, blob);
    if (bundle !== undefined) yield verifyBundle(keys, bundle, digest);
  }
}

/** A blob that is small enough to be a signature, and is what its digest says; undefined for any other. */
async function readSmall(
  { client }: MirrorSource,
  repository: string,
  { digest, size }: SignatureBlob,
): Promise<Buffer | undefined> {
  if (size > LARGEST_PAYLOAD) return undefined;
  const { stream } = await client.openBlob(repository, digest);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > size) break;
  }
  const blob = Buffer.concat(chunks);
  return sha256(blob) === digest ? blob : undefined;
}
