/** GET of referrers. https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers */
import { isArchived } from "../ecr/storage-class.ts";
import type { Target } from "../ecr/target.ts";
import { requireDigest } from "../store/digest.ts";
import type { ImageRecord } from "../store/store.ts";
import type { RepositoryExchange } from "./exchange.ts";
import { performed, targetOf } from "./performed.ts";
import { respond } from "./respond.ts";

const indexType = "application/vnd.oci.image.index.v1+json";

/**
 * An index of the manifests whose subject is `digest`, filtered by `artifactType`. Private: ListImageReferrers, allowed by
 * ecr:BatchGetImage (API reference). ECR Public is reported to answer too, and has no such call. Errors: NAME_UNKNOWN, DIGEST_INVALID.
 */
export async function listReferrers(at: RepositoryExchange, digest: string): Promise<void> {
  requireDigest(digest);
  const artifactTypes = at.url.searchParams.getAll("artifactType");
  const read = (target: Target) =>
    target.registry
      .referrers(target.repositoryName, digest)
      // As ListImageReferrers does that is not asked for them.
      .filter((image) => !isArchived(target, image))
      .filter(({ artifactType }) => artifactTypes.length === 0 || artifactTypes.includes(artifactType ?? ""))
      .map(describe);
  const members = {
    subjectId: { imageDigest: digest },
    ...(artifactTypes.length === 0 ? {} : { filter: { artifactTypes } }),
  };
  const call = { operation: "ListImageReferrers", action: "ecr:BatchGetImage", readOnly: true, members };
  const manifests =
    at.service === "ecr"
      ? await performed(at, call, async (target) => {
          const referrers = read(target);
          return { response: { referrers }, value: referrers };
        })
      : read(targetOf(at));
  const headers = {
    "content-type": indexType,
    ...(artifactTypes.length === 0 ? {} : { "oci-filters-applied": "artifactType" }),
  };
  respond(at.response, 200, headers, JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
}

function describe({ mediaType, digest, size, artifactType, annotations }: ImageRecord) {
  return {
    mediaType,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}
