/** DescribeImages. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_DescribeImages.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { imageIds, maxResults, nextToken, registryId } from "../aws/shapes.ts";
import { type DescribeInput, describeImage, imagesOf } from "../ecr/image-details.ts";
import { publicTarget, type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";

type Input = RepositoryInput & DescribeInput;

export const describeImages: Operation<Input> = {
  name: "DescribeImages",
  readOnly: true,
  input: structure({ registryId, repositoryName, imageIds, nextToken, maxResults }, ["repositoryName"]),
  resources: repositoryResource,
  async run(input, { account }) {
    const target = publicTarget(account, input);
    const { items, ...rest } = imagesOf(target, input, "DescribeImages");
    return { imageDetails: items.map((image) => describeImage(target, image)), ...rest };
  },
};
