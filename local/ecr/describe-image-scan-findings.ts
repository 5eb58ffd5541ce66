/** DescribeImageScanFindings. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html */
import { AwsError } from "../aws/call.ts";
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { page } from "../aws/paging.ts";
import { imageId, maxResults, nextToken, registryId } from "../aws/shapes.ts";
import { type ImageId, requireImage } from "./image-ids.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { type ImageScan, scanOf, scanStatus, summary } from "./scan-findings.ts";
import { repositoryName } from "./shapes.ts";
import { privateTarget } from "./target.ts";

type Input = RepositoryInput & {
  readonly imageId: ImageId;
  readonly nextToken?: string;
  readonly maxResults?: number;
};

/** Errors: ImageNotFound; ScanNotFound, in words seen in a public report, for an image that was never scanned. */
export const describeImageScanFindings: Operation<Input> = {
  name: "DescribeImageScanFindings",
  readOnly: true,
  input: structure({ registryId, repositoryName, imageId, nextToken, maxResults }, ["repositoryName", "imageId"]),
  resources: repositoryResource,
  async run(input, { account }) {
    const { repositoryName, imageId } = input;
    const image = requireImage(privateTarget(account, input), imageId);
    const scan = scanOf(account, repositoryName, image.digest);
    if (scan === undefined) {
      const { imageDigest = "null", imageTag = "null" } = imageId;
      throw new AwsError(
        "ScanNotFoundException",
        `Image scan does not exist for the image with '{imageDigest:'${imageDigest}', imageTag:'${imageTag}'}' in the repository with name '${repositoryName}' in the registry with id '${account.accountId}'`,
      );
    }
    const { findings, ...rest } = pageOfFindings(input, image.digest, scan);
    return {
      registryId: account.accountId,
      repositoryName,
      imageId: { ...imageId, imageDigest: image.digest },
      imageScanStatus: scanStatus(scan),
      ...(findings === undefined ? {} : { imageScanFindings: findings }),
      ...rest,
    };
  },
};

/** Basic and enhanced findings stand in members of their own, and an image has those of one kind. */
function pageOfFindings(input: Input, digest: string, scan: ImageScan) {
  const about = summary(scan);
  if (about === undefined) return { findings: undefined };
  const numbered = (scan.enhancedFindings ?? scan.findings).map((finding, index) => ({
    finding,
    key: String(index).padStart(9, "0"),
  }));
  const { items, ...rest } = page(
    {
      list: `DescribeImageScanFindings ${input.repositoryName} ${digest}`,
      nextToken: input.nextToken,
      maxResults: input.maxResults,
    },
    ({ after, limit }) => numbered.filter(({ key }) => after === undefined || key > after).slice(0, limit),
    ({ key }) => key,
  );
  const findings = items.map(({ finding }) => finding);
  return {
    findings: { ...about, [scan.enhancedFindings === undefined ? "findings" : "enhancedFindings"]: findings },
    ...rest,
  };
}
