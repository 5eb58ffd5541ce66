/** The images of a repository as the pages list them. */
import { isIndexType } from "../ecr/manifest-rules.ts";
import type { ImageRecord, Registry } from "../store/store.ts";

export interface ImageView {
  readonly image: ImageRecord;
  /** `image`, `index of 2: linux/amd64, linux/arm64`, or the type of an artifact. */
  readonly kind: string;
  /** Bytes of config and layers; for an index those of its largest image, as DescribeImages counts them (API model, ImageDetail). */
  readonly size: number;
}

/** All images, those with tags first, then the newest first. */
export function imagesInOrder(registry: Registry, repository: string): ImageRecord[] {
  const untagged = ({ tags }: ImageRecord): number => (tags.length === 0 ? 1 : 0);
  return registry
    .images(repository)
    .toSorted((a, b) => untagged(a) - untagged(b) || b.pushedAt.getTime() - a.pushedAt.getTime());
}

/** Reads the manifest of an index, so only for images that are shown. */
export function viewOfImage(registry: Registry, repository: string, image: ImageRecord): ImageView {
  if (!isIndexType(image.mediaType)) return { image, kind: kindOf(image), size: image.contentSize };
  const children = childrenOf(registry, repository, image.digest);
  const sizes = children.map(({ digest }) => registry.image(repository, digest)?.contentSize ?? 0);
  const platforms = children.map(({ platform }) => platform).filter((platform) => platform !== "");
  const list = platforms.length === 0 ? "" : `: ${platforms.join(", ")}`;
  return { image, kind: `index of ${children.length}${list}`, size: Math.max(0, ...sizes) };
}

function kindOf({ artifactType }: ImageRecord): string {
  const isImage = artifactType === undefined || /^application\/vnd\.(oci|docker)\..*image.*\+json$/.test(artifactType);
  return isImage ? "image" : artifactType;
}

interface Child {
  readonly digest: string;
  readonly platform: string;
}

/** The store took the manifest, so it has the form of an index; platforms are optional in it, and `unknown` marks an attestation. */
function childrenOf(registry: Registry, repository: string, digest: string): Child[] {
  const bytes = registry.manifest(repository, digest)?.bytes;
  if (bytes === undefined) return [];
  const { manifests = [] } = JSON.parse(bytes.toString("utf8")) as {
    manifests?: { digest: string; platform?: { os?: unknown; architecture?: unknown; variant?: unknown } | null }[];
  };
  return manifests.map(({ digest, platform }) => {
    const named = [platform?.os, platform?.architecture, platform?.variant];
    const parts = named.filter((part) => typeof part === "string");
    return { digest, platform: parts.includes("unknown") ? "" : parts.join("/") };
  });
}
