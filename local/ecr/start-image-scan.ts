/** StartImageScan. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_StartImageScan.html */
import { AwsError } from "../aws/call.ts";
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { imageId, registryId } from "../aws/shapes.ts";
import { type ImageId, requireImage } from "./image-ids.ts";
import { isIndexType } from "./manifest-rules.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { scanOf, startScan } from "./scan-findings.ts";
import { repositoryName } from "./shapes.ts";
import { isArchived } from "./storage-class.ts";
import { privateTarget } from "./target.ts";

type Input = RepositoryInput & {
  readonly imageId: ImageId;
};

const day = 24 * 3600 * 1000;

/** Errors: ImageNotFound, ImageArchived, UnsupportedImageType for an index, LimitExceeded for a second scan within 24 hours (user guide). */
export const startImageScan: Operation<Input> = {
  name: "StartImageScan",
  readOnly: false,
  input: structure({ registryId, repositoryName, imageId }, ["repositoryName", "imageId"]),
  resources: repositoryResource,
  async run(input, { account }) {
    const { repositoryName, imageId } = input;
    const target = privateTarget(account, input);
    const image = requireImage(target, imageId);
    if (isArchived(target, image)) {
      throw new AwsError(
        "ImageArchivedException",
        `The image with digest '${image.digest}' is archived and cannot be scanned`,
      );
    }
    if (isIndexType(image.mediaType)) {
      throw new AwsError("UnsupportedImageTypeException", `The image type '${image.mediaType}' cannot be scanned`);
    }
    const startedAt = scanOf(account, repositoryName, image.digest)?.startedAt;
    if (startedAt !== undefined && account.clock().getTime() - startedAt < day) {
      // moto's text.
      throw new AwsError("LimitExceededException", "The scan quota per image has been exceeded. Wait and try again.");
    }
    await startScan(account, { repositoryName, imageDigest: image.digest });
    return {
      registryId: account.accountId,
      repositoryName,
      imageId: { ...imageId, imageDigest: image.digest },
      imageScanStatus: { status: "IN_PROGRESS" },
    };
  },
};
