import type { Limiter } from "../pacing/limiter.ts";
import type { RegistryClient } from "../registry/client.ts";
import { type Descriptor, parseManifest } from "../registry/manifest.ts";
import { naming } from "../registry/naming.ts";

/** Pulls a second: a manifest that is read, or asked for, is one. https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html gives 10. */
export const PULLS_PER_SECOND = 8;

export interface ManifestFacts {
  /** None for an image. */
  readonly children: readonly Descriptor[];
  readonly subject: string | undefined;
}

/** What the manifests of one public repository say of each other. Errors: AutopilotError, or the signal's reason. */
export interface PublicReader {
  /** Undefined where it is not there. */
  manifest(digest: string): Promise<ManifestFacts | undefined>;
  referrers(digest: string): Promise<readonly Descriptor[]>;
}

/** Reads through the registry, whose API alone knows manifests: the SDK's has no BatchGetImage here. `repository`: its name at the registry. */
export function publicReader(
  client: Pick<RegistryClient, "getManifest" | "listReferrers">,
  repository: string,
  pulls: Limiter,
): PublicReader {
  return {
    async manifest(digest) {
      await pulls.take();
      const remote = await client.getManifest(repository, digest);
      if (remote === undefined) return undefined;
      try {
        const parsed = parseManifest(remote.bytes, remote.mediaType);
        return { children: parsed.kind === "index" ? parsed.children : [], subject: parsed.subject?.digest };
      } catch (error) {
        throw naming(`${repository}@${digest}`, error);
      }
    },
    async referrers(digest) {
      await pulls.take();
      return client.listReferrers(repository, digest);
    },
  };
}
