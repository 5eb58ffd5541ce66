import { permanent } from "../errors.ts";
import type { RegistryClient, RemoteManifest } from "../registry/client.ts";
import { type Descriptor, parseManifest } from "../registry/manifest.ts";

/** Everything that one image is made of, in the order in which it may become visible. */
export interface ImagePlan {
  readonly digest: string;
  /** Children before whatever names them; the root is the last. */
  readonly manifests: readonly RemoteManifest[];
  /** Configs and layers, each once. */
  readonly blobs: readonly Descriptor[];
}

/** Largest layer of ECR Public in bytes: 10,000 MiB. https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html */
const LARGEST_LAYER = 10_000 * 1024 * 1024;

/** An index may name indexes; deeper than this it is a mistake or an attack. */
const DEEPEST = 4;

/**
 * Reads the whole tree of manifests under `root`, by digest, so that what is planned is what is copied. Decides before the first
 * byte moves: a layer that ECR Public would refuse is permanent `layer-too-large`, a child that is missing permanent
 * `child-missing`, a manifest that does not parse permanent `manifest-invalid`.
 */
export async function planImage(source: RegistryClient, repository: string, root: RemoteManifest): Promise<ImagePlan> {
  const manifests = new Map<string, RemoteManifest>();
  const blobs = new Map<string, Descriptor>();

  async function visit(manifest: RemoteManifest, depth: number): Promise<void> {
    const parsed = parseManifest(manifest.bytes, manifest.mediaType);
    if (parsed.kind === "image") {
      for (const blob of parsed.blobs) blobs.set(blob.digest, withinQuota(blob));
    } else {
      if (depth >= DEEPEST)
        throw permanent("manifest-invalid", `the index ${manifest.digest} is nested more than ${DEEPEST} deep`);
      for (const { digest } of parsed.children) {
        if (manifests.has(digest)) continue;
        const child = await source.manifest(repository, digest);
        if (child === undefined) {
          throw permanent(
            "child-missing",
            `the index ${manifest.digest} names ${digest}, which '${repository}' does not hold`,
          );
        }
        await visit(child, depth + 1);
      }
    }
    manifests.set(manifest.digest, { ...manifest, mediaType: parsed.mediaType });
  }

  await visit(root, 0);
  return { digest: root.digest, manifests: [...manifests.values()], blobs: [...blobs.values()] };
}

function withinQuota(blob: Descriptor): Descriptor {
  if (blob.size <= LARGEST_LAYER) return blob;
  throw permanent(
    "layer-too-large",
    `the layer ${blob.digest} has ${blob.size} bytes; ECR Public takes ${LARGEST_LAYER}`,
  );
}
