import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { publicLayersPresent } from "../ecr/layers.ts";
import { describePublicImage, listPublicImages, publicDigestsOf } from "../ecr/public-images.ts";
import { createPublicRepository, describePublicRepository } from "../ecr/public-repositories.ts";
import type { RegistryClient } from "../registry/client.ts";
import { locate } from "../registry/endpoint.ts";
import type { MirrorDestination } from "./destination.ts";
import type { PublishDeps } from "./publish-image.ts";

/**
 * Repositories of ECR Public, by name. What is there is asked of the API: by digest, which tells all its tags in one call. `clientOf` gives
 * a client of the registry at a base URL; the alias is part of the URI that the API tells.
 */
export function ecrPublicDestinations(
  ecr: ECRPUBLICClient,
  clientOf: (baseUrl: string) => RegistryClient,
): PublishDeps["destination"] {
  return async (name, { create }) => {
    const created = create === false ? undefined : await createPublicRepository(ecr, name, create);
    const found = created ?? (await describePublicRepository(ecr, name));
    if (found === undefined) return undefined;
    const { baseUrl, repository } = locate(found.uri);
    return destination(ecr, name, clientOf(baseUrl), repository);
  };
}

function destination(
  ecr: ECRPUBLICClient,
  name: string,
  client: RegistryClient,
  repository: string,
): MirrorDestination {
  return {
    client,
    repository,
    layersPresent: (digests) => publicLayersPresent(ecr, name, digests),
    async tagsOf(digest, among) {
      const image = await describePublicImage(ecr, name, digest);
      return image && among.filter((tag) => image.tags.includes(tag));
    },
    digestsOf: (tags) => publicDigestsOf(ecr, name, tags),
    async countImages(most) {
      let count = 0;
      for await (const _image of listPublicImages(ecr, name)) {
        count += 1;
        if (count > most) break;
      }
      return count;
    },
  };
}
