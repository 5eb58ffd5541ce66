import type { MirrorDestination } from "#shared/mirror/destination.ts";
import type { MirrorSource } from "#shared/mirror/source.ts";
import type { RegistryClient } from "#shared/registry/client.ts";

/** A registry without an API beside it as the mirror's source: it knows a digest by its tag, and no pushes, scans or archives. */
export function plainSource(client: RegistryClient): MirrorSource {
  return {
    client,
    async describe(repository, reference) {
      const found = await client.headManifest(repository, "tag" in reference ? reference.tag : reference.digest);
      return found && { ...found, tags: "tag" in reference ? [reference.tag] : [], archived: false };
    },
    tagsOf: (repository, digest, among) => tagsOf(client, repository, digest, among),
    referrers: (repository, digest) => client.listReferrers(repository, digest),
    async manifestsOfTags(repository, tags) {
      const found = await Promise.all(
        tags.map(async (tag) => [tag, await client.getManifest(repository, tag)] as const),
      );
      return new Map(found.flatMap(([tag, manifest]) => (manifest === undefined ? [] : [[tag, manifest]])));
    },
    scanFindings: async () => undefined,
    async *images() {},
  };
}

/** Likewise as its destination. Blobs are asked for one by one, as any client has to; at ECR it is one call for a hundred. */
export function plainDestination(client: RegistryClient, repository: string): MirrorDestination {
  const digestOf = async (reference: string) => (await client.headManifest(repository, reference))?.digest;
  return {
    client,
    repository,
    async layersPresent(digests) {
      const held = await Promise.all(digests.map((digest) => client.hasBlob(repository, digest)));
      return new Set(digests.filter((_, index) => held[index]));
    },
    async tagsOf(digest, among) {
      const tags = await tagsOf(client, repository, digest, among);
      return tags.length > 0 || (await digestOf(digest)) !== undefined ? tags : undefined;
    },
    async digestsOf(tags) {
      const found = await Promise.all(tags.map(async (tag) => [tag, await digestOf(tag)] as const));
      return new Map(found.flatMap(([tag, digest]) => (digest === undefined ? [] : [[tag, digest]])));
    },
    countImages: async () => 0,
  };
}

async function tagsOf(
  client: RegistryClient,
  repository: string,
  digest: string,
  among: readonly string[],
): Promise<readonly string[]> {
  const digests = await Promise.all(among.map(async (tag) => (await client.headManifest(repository, tag))?.digest));
  return among.filter((_, index) => digests[index] === digest);
}
