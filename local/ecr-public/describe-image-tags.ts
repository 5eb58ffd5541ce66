/** DescribeImageTags. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_DescribeImageTags.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { page } from "../aws/paging.ts";
import { maxResults, nextToken, registryId } from "../aws/shapes.ts";
import { describeContent } from "../ecr/image-details.ts";
import { publicTarget, type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";

type Input = RepositoryInput & {
  readonly nextToken?: string;
  readonly maxResults?: number;
};

/** In the order of the tags. `createdAt` is when the image was pushed: when a tag was set is not kept. */
export const describeImageTags: Operation<Input> = {
  name: "DescribeImageTags",
  readOnly: true,
  input: structure({ registryId, repositoryName, nextToken, maxResults }, ["repositoryName"]),
  resources: repositoryResource,
  async run(input, { account }) {
    const target = publicTarget(account, input);
    const { registry } = target;
    const { items, ...rest } = page(
      {
        list: `DescribeImageTags ${input.repositoryName}`,
        nextToken: input.nextToken,
        maxResults: input.maxResults,
      },
      (options) => registry.tags(input.repositoryName, options),
      (tag) => tag,
    );
    const imageTagDetails = items.flatMap((imageTag) => {
      const image = registry.image(input.repositoryName, imageTag);
      if (image === undefined) return [];
      return [{ imageTag, createdAt: image.pushedAt, imageDetail: describeContent(target, image) }];
    });
    return { imageTagDetails, ...rest };
  },
};
