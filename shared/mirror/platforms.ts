import { permanent } from "../errors.ts";
import { matchesPlatform } from "../policy/platforms.ts";
import { sha256 } from "../registry/digest.ts";
import { type Platform, parseManifest } from "../registry/manifest.ts";
import type { RemoteManifest } from "../registry/manifests.ts";

/** A child that says of another one how it was made: BuildKit's attestations. https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
const ATTESTED = "vnd.docker.reference.digest";

interface Child {
  readonly digest?: unknown;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * The index with only those children that run on one of the platforms, and what attests these; everything else in it as it was. It has
 * another digest then, always the same for the same platforms. An image, an index that loses nothing, and any root without `platforms`
 * come back bit for bit.
 *
 * Errors: permanent `platform-missing` when no child is left.
 */
export function onlyPlatforms(root: RemoteManifest, platforms: readonly string[] | undefined): RemoteManifest {
  const parsed = parseManifest(root.bytes, root.mediaType);
  if (platforms === undefined || parsed.kind === "image") return root;
  const index = JSON.parse(root.bytes.toString("utf8")) as { readonly manifests: readonly Child[] };
  const runs = new Set(
    index.manifests
      .filter(
        ({ platform, annotations }) => annotations?.[ATTESTED] === undefined && matchesPlatform(platforms, platform),
      )
      .map(({ digest }) => digest),
  );
  if (runs.size === 0) {
    throw permanent("platform-missing", `the index ${root.digest} has no image for ${platforms.join(", ")}`);
  }
  const kept = index.manifests.filter(
    ({ digest, annotations }) => runs.has(digest) || runs.has(annotations?.[ATTESTED]),
  );
  if (kept.length === index.manifests.length) return root;
  const bytes = Buffer.from(JSON.stringify({ ...index, manifests: kept }));
  return { digest: sha256(bytes), mediaType: parsed.mediaType, bytes };
}

/** Whether a child of an index is something that runs, and not an attestation (`unknown/unknown`). */
export function isRunnable(platform: Platform | undefined): boolean {
  return platform?.os !== "unknown" && platform?.architecture !== "unknown";
}
