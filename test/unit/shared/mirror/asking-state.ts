/** The state of tags between the two registries of a local account. */
import { ecrPublicDestinations } from "#shared/mirror/ecr-public-destination.ts";
import { ecrSource } from "#shared/mirror/ecr-source.ts";
import type { MirrorStateRequest } from "#shared/mirror/mirror-state.ts";
import { readMirrorState } from "#shared/mirror/read-mirror-state.ts";
import type { MirrorRule } from "#shared/policy/schema.ts";
import type { RegistryClient } from "#shared/registry/client.ts";
import { ociIndex } from "../../local/ecr/image-content.ts";
import { startMirrors } from "./mirrors.ts";

type Request = Omit<MirrorStateRequest, "repository"> & { readonly repository?: string };

/** Started for one test, with the private repository `team/web`. */
export async function startAsking(mirror: readonly MirrorRule[], before?: Parameters<typeof startMirrors>[1]) {
  const mirrors = await startMirrors(mirror, before);
  const { store, deps } = mirrors;
  const { ecr, publicEcr, policy, now } = deps;
  await mirrors.create("private", "team/web");
  /** Manifests that were read, by digest. */
  const read: string[] = [];
  const registry: Pick<RegistryClient, "getManifest"> = {
    async getManifest(repository, digest) {
      read.push(digest);
      const found = store.private.manifest(repository, digest);
      return found && { digest, mediaType: found.image.mediaType, bytes: found.bytes };
    },
  };
  const client = registry as RegistryClient;
  const stateDeps = {
    ...{ ecr, publicEcr, policy, now },
    source: ecrSource(ecr, client),
    destination: ecrPublicDestinations(publicEcr, () => client),
  };
  const page = (request: Request = {}, remainingMs = () => 60_000) =>
    readMirrorState({ ...stateDeps, remainingMs }, { repository: "team/web", ...request });
  return {
    ...mirrors,
    mirrors,
    stateDeps: { ...stateDeps, remainingMs: () => 60_000 },
    read,
    page,
    states: async (request?: Request) => (await page(request)).states,
    /** Puts a tag of team/web, and the same bytes as they are under another tag. */
    put: (tag?: string, side: "private" | "both" = "private") => mirrors.put(side, "team/web", tag ? { tag } : {}),
    retag: (side: "private" | "public", repository: string, digest: string, tag: string) => {
      const bytes = store[side].manifest(repository, digest)?.bytes ?? Buffer.alloc(0);
      return store[side].putManifest({ repository, bytes, mediaType: ociIndex, tag, digest: undefined });
    },
    /** An index of two children that run on these platforms, under a tag of team/web. Gives its text. */
    async putIndex(tag: string, ...architectures: readonly string[]) {
      const manifests = [];
      for (const architecture of architectures) {
        const digest = await mirrors.put("private", "team/web");
        const size = store.private.manifest("team/web", digest)?.bytes.length ?? 0;
        manifests.push({ mediaType: ociIndex, digest, size, platform: { os: "linux", architecture } });
      }
      const index = { schemaVersion: 2, mediaType: ociIndex, manifests };
      const bytes = Buffer.from(JSON.stringify(index));
      await store.private.putManifest({ repository: "team/web", bytes, mediaType: ociIndex, tag, digest: undefined });
      return { index, bytes };
    },
  };
}
