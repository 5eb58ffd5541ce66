import { isPermanent, permanent } from "../errors.ts";
import type { Limiter } from "../pacing/limiter.ts";
import type { Platform } from "../policy/platforms.ts";
import type { RegistryClient } from "../registry/client.ts";
import { type Descriptor, type Manifest, MEDIA_TYPES, parseManifest } from "../registry/manifest.ts";
import { naming } from "../registry/naming.ts";
import { annotationsOf, type ImageConfig, isImageConfig, isSignature, readConfig } from "./image-text.ts";
import type { LabelSources } from "./published.ts";

/** What of an image never changes under its digest, and is small enough to be kept. */
export interface ImageFacts {
  /** One for each child of an index, as it stands there, or that of the config; none for what is no image, such as a chart. */
  readonly platforms: readonly Platform[];
  /** Digests that an index names. */
  readonly children: readonly string[];
}

/** Reads images of one public repository. Errors: AutopilotError, permanent for what is wrong with the image itself; or the signal's reason. */
export interface ImageReader {
  facts(digest: string): Promise<ImageFacts>;
  /** `broken` is told why a part of them could not be read, for a reason that stays. */
  labels(digest: string, broken: (error: unknown) => void): Promise<LabelSources>;
  /** Whether a cosign signature of an image is public as its referrer. */
  hasSignature(digest: string): Promise<boolean>;
}

export type ReadingClient = Pick<RegistryClient, "getManifest" | "listReferrers" | "openBlob">;

interface ReadManifest {
  readonly manifest: Manifest;
  readonly bytes: Buffer;
}

/** Bounds of ours on what is read of one image: children without a platform in their index, and referrers. */
const MOST_CHILDREN = 20;
const MOST_REFERRERS = 20;

/** `repository`: its name at the registry. `pulls` is taken once for each manifest and config, of which ECR Public counts the manifests. */
export function imageReader(client: ReadingClient, repository: string, pulls: Limiter): ImageReader {
  async function read(digest: string): Promise<ReadManifest> {
    await pulls.take();
    const remote = await client.getManifest(repository, digest);
    if (remote === undefined) throw permanent("image-gone", `'${repository}' does not hold ${digest}`);
    try {
      return { manifest: parseManifest(remote.bytes, remote.mediaType), bytes: remote.bytes };
    } catch (error) {
      throw naming(`${repository}@${digest}`, error);
    }
  }

  async function configOf({ manifest }: ReadManifest): Promise<ImageConfig | undefined> {
    const config = manifest.kind === "image" ? manifest.blobs[0] : undefined;
    if (config === undefined || !isImageConfig(config)) return undefined;
    await pulls.take();
    const { stream } = await client.openBlob(repository, config.digest, { size: config.size });
    return readConfig(config, stream);
  }

  async function platformsOf(children: readonly Descriptor[]): Promise<Platform[]> {
    const platforms: Platform[] = [];
    let looked = 0;
    for (const child of children) {
      let { platform }: { platform?: Platform } = child;
      if (platform === undefined && isImage(child) && looked < MOST_CHILDREN) {
        looked += 1;
        platform = await configOf(await read(child.digest));
      }
      if (platform !== undefined) platforms.push(platform);
    }
    return platforms;
  }

  async function ownLabels(image: ReadManifest, broken: (error: unknown) => void): Promise<LabelSources> {
    const config = await orTold(configOf(image), broken);
    return { manifest: annotationsOf(image.bytes), ...(config !== undefined && { config: config.labels }) };
  }

  return {
    async facts(digest) {
      const root = await read(digest);
      const { manifest } = root;
      const found =
        manifest.kind === "index" ? await platformsOf(manifest.children) : [(await configOf(root)) ?? undefined];
      return {
        platforms: found.flatMap((platform) => {
          if (platform?.os === undefined && platform?.architecture === undefined) return [];
          const { os, architecture, variant } = platform;
          return [{ os, architecture, variant }];
        }),
        children: manifest.kind === "index" ? manifest.children.map((child) => child.digest) : [],
      };
    },
    async labels(digest, broken) {
      const root = await read(digest);
      if (root.manifest.kind === "image") return ownLabels(root, broken);
      const index = annotationsOf(root.bytes);
      const child = root.manifest.children.find((one) => isImage(one) && one.platform?.os !== "unknown");
      const first = child && (await orTold(read(child.digest), broken));
      return { index, ...(first && (await ownLabels(first, broken))) };
    },
    async hasSignature(digest) {
      await pulls.take();
      const referrers = await client.listReferrers(repository, digest);
      const candidates = referrers.filter(({ mediaType }) => mediaType === MEDIA_TYPES.ociManifest);
      for (const referrer of candidates.slice(0, MOST_REFERRERS)) {
        if (isSignature((await read(referrer.digest)).bytes)) return true;
      }
      return false;
    },
  };
}

/** An index within an index is left aside: none is known that is made so, and ECR Public is not documented to show one. */
function isImage({ mediaType }: Descriptor): boolean {
  return mediaType !== MEDIA_TYPES.ociIndex && mediaType !== MEDIA_TYPES.dockerList;
}

async function orTold<T>(reading: Promise<T>, broken: (error: unknown) => void): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!isPermanent(error)) throw error;
    broken(error);
    return undefined;
  }
}
