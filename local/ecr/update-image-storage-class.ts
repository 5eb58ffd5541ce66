/** UpdateImageStorageClass. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UpdateImageStorageClass.html */
import { AwsError } from "../aws/call.ts";
import { string, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { imageId, registryId } from "../aws/shapes.ts";
import { type ImageId, requireImage } from "./image-ids.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { forgetScan, markArchived } from "./scan-findings.ts";
import { repositoryName } from "./shapes.ts";
import { archive, isArchived, restore } from "./storage-class.ts";
import { privateTarget } from "./target.ts";

type Input = RepositoryInput & {
  readonly imageId: ImageId;
  readonly targetStorageClass: "STANDARD" | "ARCHIVE";
};

/**
 * Errors: ImageNotFound; ImageStorageClassUpdateNotSupported for an image that is in that class (the API reference says no more than
 * that the update is not supported). The status of a restored image is told as in AWS's sample of the CloudTrail record.
 */
export const updateImageStorageClass: Operation<Input> = {
  name: "UpdateImageStorageClass",
  readOnly: false,
  input: structure(
    { registryId, repositoryName, imageId, targetStorageClass: string({ values: ["STANDARD", "ARCHIVE"] }) },
    ["repositoryName", "imageId", "targetStorageClass"],
  ),
  resources: repositoryResource,
  async run(input, { account }) {
    const { repositoryName, imageId, targetStorageClass } = input;
    const target = privateTarget(account, input);
    const image = requireImage(target, imageId);
    const toArchive = targetStorageClass === "ARCHIVE";
    if (isArchived(target, image) === toArchive) {
      throw new AwsError(
        "ImageStorageClassUpdateNotSupportedException",
        `The image with digest '${image.digest}' is in the storage class '${targetStorageClass}' already`,
      );
    }
    const about = { repositoryName, imageDigest: image.digest };
    if (toArchive) {
      await archive(target, image, account.clock());
      await markArchived(account, about);
    } else {
      await restore(target, image, account.clock());
      // User guide, "Restoring an image": results from before the archive are gone.
      await forgetScan(account, about);
    }
    return {
      registryId: account.accountId,
      repositoryName,
      imageId: { ...imageId, imageDigest: image.digest },
      imageStatus: toArchive ? "ARCHIVED" : "ACTIVATING",
    };
  },
};
