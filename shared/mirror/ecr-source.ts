import type { ECRClient } from "@aws-sdk/client-ecr";
import { describeImage, getManifestsByTag, listImages, listReferrers } from "../ecr/images.ts";
import { privateLayersPresent } from "../ecr/layers.ts";
import { getScanFindings } from "../ecr/scan-findings.ts";
import { AutopilotError } from "../errors.ts";
import type { RegistryClient } from "../registry/client.ts";
import type { MirrorSource } from "./source.ts";

/** Private ECR: what can be asked of its API is asked there, in one call for many; bytes and manifests by digest come from the registry. */
export function ecrSource(ecr: ECRClient, client: RegistryClient): MirrorSource {
  return {
    client,
    describe: (repository, reference) => describeImage(ecr, repository, reference),
    async tagsOf(repository, digest, among) {
      const image = await describeImage(ecr, repository, { digest });
      return among.filter((tag) => image?.tags.includes(tag));
    },
    async referrers(repository, digest) {
      try {
        return await listReferrers(ecr, repository, digest);
      } catch (error) {
        // A Region that does not have the call yet may have the registry's own API, or nothing but the fallback tag.
        if (!(error instanceof AutopilotError) || error.code !== "ecr-unsupported") throw error;
        return client.listReferrers(repository, digest);
      }
    },
    layersPresent: (repository, digests) => privateLayersPresent(ecr, repository, digests),
    manifestsOfTags: (repository, tags) => getManifestsByTag(ecr, repository, tags),
    scanFindings: (repository, digest) => getScanFindings(ecr, repository, digest),
    images: (repository) => listImages(ecr, repository),
  };
}
