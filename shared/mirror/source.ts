import type { RegistryClient } from "../registry/client.ts";
import type { Descriptor } from "../registry/manifest.ts";
import type { RemoteManifest } from "../registry/manifests.ts";
import type { ScanFindings } from "./scan-verdict.ts";

/** A digest in a private repository, as the registry describes it. */
export interface SourceImage {
  readonly digest: string;
  /** All tags that point at it now. */
  readonly tags: readonly string[];
  readonly pushedAt?: Date | undefined;
  /** In the archive: it cannot be pulled. */
  readonly archived: boolean;
  /** Digest that this manifest refers to (OCI 1.1 `subject`). */
  readonly subject?: string | undefined;
  readonly mediaType?: string | undefined;
}

/** By what an image is asked for. */
export type Reference = { readonly tag: string } | { readonly digest: string };

/**
 * Where images come from. ECR answers most of it by one call each; a plain registry does as well, by more requests. All methods raise
 * AutopilotError, or the reason of the invocation's signal.
 */
export interface MirrorSource {
  readonly client: RegistryClient;
  /** Undefined where there is none. */
  describe(repository: string, reference: Reference): Promise<SourceImage | undefined>;
  /** Which of these digests, at most 100, can be pulled from it. */
  layersPresent(repository: string, digests: readonly string[]): Promise<ReadonlySet<string>>;
  /** Which of `among` point at the digest now. */
  tagsOf(repository: string, digest: string, among: readonly string[]): Promise<readonly string[]>;
  /** What refers to a digest by its `subject`. */
  referrers(repository: string, digest: string): Promise<readonly Pick<Descriptor, "digest">[]>;
  /** The manifests of those of these tags that are there. */
  manifestsOfTags(repository: string, tags: readonly string[]): Promise<ReadonlyMap<string, RemoteManifest>>;
  /** Undefined where none was made. */
  scanFindings(repository: string, digest: string): Promise<ScanFindings | undefined>;
  /** All tagged images that can be pulled. */
  images(repository: string): AsyncIterable<SourceImage>;
}
