/** ListImages. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImages.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { page } from "../aws/paging.ts";
import { maxResults, nextToken, registryId } from "../aws/shapes.ts";
import type { ImageRecord } from "../store/store.ts";
import { type ImageFilter, imageFilter, passes } from "./image-filter.ts";
import { type ImageId, idsOf } from "./image-ids.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";
import { privateTarget, type Target } from "./target.ts";

type Input = RepositoryInput & {
  readonly nextToken?: string;
  readonly maxResults?: number;
  readonly filter?: ImageFilter;
};

/** One identifier per tag, and one for an image without tags (API sample). */
export const listImages: Operation<Input> = {
  name: "ListImages",
  readOnly: true,
  input: structure({ registryId, repositoryName, nextToken, maxResults, filter: imageFilter }, ["repositoryName"]),
  resources: repositoryResource,
  async run(input, { account }) {
    const target = privateTarget(account, input);
    const { items, ...rest } = page(
      {
        list: `ListImages ${input.repositoryName} ${JSON.stringify(input.filter ?? {})}`,
        nextToken: input.nextToken,
        maxResults: input.maxResults,
      },
      (options) => identifiers(target, options, passes(target, input.filter)),
      keyOf,
    );
    return { imageIds: items, ...rest };
  },
};

/** Identifiers in the order of digest and tag, the first after the key `after`. */
function identifiers(
  { registry, repositoryName }: Target,
  { after, limit }: { after?: string; limit: number },
  keep: (image: ImageRecord) => boolean,
): ImageId[] {
  const ids: ImageId[] = [];
  const add = (image: ImageRecord) => {
    if (keep(image)) ids.push(...idsOf(image).filter((id) => after === undefined || keyOf(id) > after));
  };
  let cursor = after?.split(" ")[0];
  const begun = cursor === undefined ? undefined : registry.image(repositoryName, cursor);
  if (begun !== undefined) add(begun);
  while (ids.length < limit) {
    const images = registry.images(repositoryName, { limit, ...(cursor === undefined ? {} : { after: cursor }) });
    images.forEach(add);
    cursor = images.at(-1)?.digest;
    if (cursor === undefined) break;
  }
  return ids.slice(0, limit);
}

function keyOf(id: ImageId): string {
  return `${id.imageDigest} ${id.imageTag ?? ""}`;
}
