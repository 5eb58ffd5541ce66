import type { RegistryClient } from "../registry/client.ts";

/** A repository that images are published to. All methods raise AutopilotError, or the reason of the invocation's signal. */
export interface MirrorDestination {
  readonly client: RegistryClient;
  /** Name at the registry's host; with the alias at ECR Public. */
  readonly repository: string;
  /** Which of these digests, at most 100, it holds already. */
  layersPresent(digests: readonly string[]): Promise<ReadonlySet<string>>;
  /** Which of `among` point at the digest; undefined where the digest is not there. */
  tagsOf(digest: string, among: readonly string[]): Promise<readonly string[] | undefined>;
  /** What those of these tags that are there point at. */
  digestsOf(tags: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Images in it, by digest, counted up to about `most`. */
  countImages(most: number): Promise<number>;
}
