/** DescribeImages. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html */
import type { AccountContext } from "../aws/call.ts";
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { imageIds, maxResults, nextToken, registryId } from "../aws/shapes.ts";
import type { ImageRecord } from "../store/store.ts";
import { type DescribeInput, describeImage, imagesOf } from "./image-details.ts";
import { hasStatus, type ImageFilter, imageFilter, passes } from "./image-filter.ts";
import { requireImage } from "./image-ids.ts";
import { lastPull } from "./pull-times.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { scanOf, scanStatus, summary } from "./scan-findings.ts";
import { repositoryName } from "./shapes.ts";
import { storageOf } from "./storage-class.ts";
import { imageNotFound, privateTarget, type Target } from "./target.ts";

type Input = RepositoryInput &
  DescribeInput & {
    readonly filter?: ImageFilter;
  };

/** An archived image that is named without a filter for it is not found: the model says that it is not returned, and not how. */
export const describeImages: Operation<Input> = {
  name: "DescribeImages",
  readOnly: true,
  input: structure({ registryId, repositoryName, imageIds, nextToken, maxResults, filter: imageFilter }, [
    "repositoryName",
  ]),
  resources: repositoryResource,
  async run(input, { account }) {
    const target = privateTarget(account, input);
    const list = `DescribeImages ${JSON.stringify(input.filter ?? {})}`;
    const { items, ...rest } = imagesOf(target, input, list, passes(target, input.filter));
    const isShown = hasStatus(target, input.filter?.imageStatus);
    for (const imageId of input.imageIds ?? []) {
      if (!isShown(requireImage(target, imageId))) throw imageNotFound(target, imageId);
    }
    return { imageDetails: items.map((image) => detail(account, target, image)), ...rest };
  },
};

function detail(account: AccountContext, target: Target, image: ImageRecord): Record<string, unknown> {
  const pulledAt = lastPull(target.registry, target.repositoryName, image);
  const scan = scanOf(account, target.repositoryName, image.digest);
  const findings = scan === undefined ? undefined : summary(scan);
  return {
    ...describeImage(target, image),
    ...(scan === undefined ? {} : { imageScanStatus: scanStatus(scan) }),
    ...(findings === undefined ? {} : { imageScanFindingsSummary: findings }),
    ...(pulledAt === undefined ? {} : { lastRecordedPullTime: pulledAt }),
    ...(image.subject === undefined ? {} : { subjectManifestDigest: image.subject }),
    ...storageOf(target, image),
  };
}
