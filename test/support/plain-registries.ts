/** The mirror's source and destination on any registry of the OCI distribution specification, with nothing but a client of it. */
import type { MirrorDestination } from "#shared/mirror/destination.ts";
import type { PublishDeps } from "#shared/mirror/publish-image.ts";
import type { ScanFindings } from "#shared/mirror/scan-verdict.ts";
import type { MirrorSource, SourceImage } from "#shared/mirror/source.ts";
import type { RegistryClient } from "#shared/registry/client.ts";
import { parseManifest } from "#shared/registry/manifest.ts";

/** What ECR knows of images and a plain registry does not. */
export interface PlainSourceOptions {
  /** All tags of a repository. Without it an image has the tag that was asked for, and `images` gives none. */
  readonly listTags?: (repository: string) => Promise<readonly string[]>;
  /** When an image was pushed, and whether it is in the archive. */
  readonly about?: (digest: string) => Pick<SourceImage, "pushedAt"> & { readonly archived?: boolean };
  /** By digest. */
  readonly scans?: ReadonlyMap<string, ScanFindings>;
}

/** A tag is described by one HEAD; a digest, whose subject counts, by its text. */
export function plainSource(client: RegistryClient, options: PlainSourceOptions = {}): MirrorSource {
  const { listTags, about = () => ({}), scans } = options;

  async function imageOf(repository: string, digest: string, tags: readonly string[]): Promise<SourceImage> {
    const all = listTags === undefined ? tags : await tagsOf(client, repository, digest, await listTags(repository));
    return { digest, tags: all, archived: false, ...about(digest) };
  }

  return {
    client,
    async describe(repository, reference) {
      if ("tag" in reference) {
        const found = await client.headManifest(repository, reference.tag);
        return found && imageOf(repository, found.digest, [reference.tag]);
      }
      const found = await client.getManifest(repository, reference.digest);
      if (found === undefined) return undefined;
      const { subject, mediaType } = parseManifest(found.bytes, found.mediaType);
      return { ...(await imageOf(repository, found.digest, [])), subject: subject?.digest, mediaType };
    },
    layersPresent: (repository, digests) => blobsOf(client, repository, digests),
    tagsOf: (repository, digest, among) => tagsOf(client, repository, digest, among),
    referrers: (repository, digest) => client.listReferrers(repository, digest),
    async manifestsOfTags(repository, tags) {
      const found = await Promise.all(
        tags.map(async (tag) => [tag, await client.getManifest(repository, tag)] as const),
      );
      return new Map(found.flatMap(([tag, manifest]) => (manifest === undefined ? [] : [[tag, manifest]])));
    },
    scanFindings: async (_repository, digest) => scans?.get(digest),
    async *images(repository) {
      const digests = await digestsOf(client, repository, (await listTags?.(repository)) ?? []);
      for (const digest of new Set(digests.values())) yield imageOf(repository, digest, []);
    },
  };
}

/** Blobs are asked for one by one, as any client has to; at ECR it is one call for a hundred. */
export function plainDestination(client: RegistryClient, repository: string): MirrorDestination {
  return {
    client,
    repository,
    layersPresent: (digests) => blobsOf(client, repository, digests),
    async tagsOf(digest, among) {
      const tags = await tagsOf(client, repository, digest, among);
      const isThere = tags.length > 0 || (await client.headManifest(repository, digest)) !== undefined;
      return isThere ? tags : undefined;
    },
    digestsOf: (tags) => digestsOf(client, repository, tags),
    countImages: async () => 0,
  };
}

async function blobsOf(client: RegistryClient, repository: string, digests: readonly string[]): Promise<Set<string>> {
  const held = await Promise.all(digests.map((digest) => client.hasBlob(repository, digest)));
  return new Set(digests.filter((_, index) => held[index]));
}

/** All repositories of a registry that makes them as they are pushed to. */
export function plainDestinations(client: RegistryClient, prefix = ""): PublishDeps["destination"] {
  return async (name) => plainDestination(client, prefix + name);
}

/** The tags of a repository, none without it: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags */
export async function listTags(baseUrl: string, repository: string, authorization?: string): Promise<string[]> {
  const headers = authorization === undefined ? {} : { authorization };
  const response = await fetch(`${baseUrl}/v2/${repository}/tags/list`, { headers });
  if (response.status !== 200 && response.status !== 404) throw new Error(`tags of ${repository}: ${response.status}`);
  const { tags } = (await response.json()) as { tags?: string[] | null };
  return tags ?? [];
}

async function tagsOf(
  client: RegistryClient,
  repository: string,
  digest: string,
  among: readonly string[],
): Promise<readonly string[]> {
  const digests = await digestsOf(client, repository, among);
  return among.filter((tag) => digests.get(tag) === digest);
}

async function digestsOf(
  client: RegistryClient,
  repository: string,
  tags: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    tags.map(async (tag) => [tag, (await client.headManifest(repository, tag))?.digest] as const),
  );
  return new Map(found.flatMap(([tag, digest]) => (digest === undefined ? [] : [[tag, digest]])));
}
