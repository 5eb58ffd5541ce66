/** BatchGetImage. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html */
import { list, string, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { imageIds, registryId } from "../aws/shapes.ts";
import type { ImageRecord } from "../store/store.ts";
import { type ImageFailure, type ImageId, idsOf } from "./image-ids.ts";
import { recordPull } from "./pull-times.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";
import { resolvePullable } from "./storage-class.ts";
import { privateTarget, type Target } from "./target.ts";

type Input = RepositoryInput & {
  readonly imageIds: readonly ImageId[];
  readonly acceptedMediaTypes?: readonly string[];
};

/**
 * A digest without a tag gives the image once per tag (seen in LocalStack's tests against AWS).
 *
 * AWS may convert a manifest that is asked for by tag and whose media type is not accepted, and so changes its digest. Here
 * nothing is converted, and giving the original would hide the mistake: it is a failure that names the type.
 */
export const batchGetImage: Operation<Input> = {
  name: "BatchGetImage",
  readOnly: true,
  input: structure({ registryId, repositoryName, imageIds, acceptedMediaTypes: list(string(), { min: 1, max: 100 }) }, [
    "repositoryName",
    "imageIds",
  ]),
  resources: repositoryResource,
  async run(input, { account, identity }) {
    const target = privateTarget(account, input);
    const images = new Map<string, Record<string, unknown>>();
    const failures: ImageFailure[] = [];
    for (const imageId of input.imageIds) {
      const found = resolvePullable(target, imageId);
      const failure = "failure" in found ? found.failure : notAccepted(imageId, found.image, input.acceptedMediaTypes);
      if (failure !== undefined) failures.push(failure);
      if ("failure" in found || failure !== undefined) continue;
      const pull = { by: identity, at: account.clock() };
      await recordPull(target.registry, target.repositoryName, found.image.digest, pull);
      for (const id of imageId.imageTag === undefined ? idsOf(found.image) : [idOf(found.image, imageId.imageTag)]) {
        images.set(`${id.imageDigest} ${id.imageTag}`, describe(target, found.image, id));
      }
    }
    return { images: [...images.values()], failures };
  },
};

function notAccepted(
  imageId: ImageId,
  image: ImageRecord,
  accepted: readonly string[] | undefined,
): ImageFailure | undefined {
  if (accepted === undefined || imageId.imageDigest !== undefined || accepted.includes(image.mediaType))
    return undefined;
  return {
    imageId,
    failureCode: "ImageNotFound",
    failureReason: `Requested image has the media type '${image.mediaType}', which acceptedMediaTypes does not name; Amazon ECR would convert it, the local account does not`,
  };
}

function idOf(image: ImageRecord, imageTag: string): ImageId {
  return { imageDigest: image.digest, imageTag };
}

function describe(target: Target, image: ImageRecord, imageId: ImageId): Record<string, unknown> {
  const { registry, registryId, repositoryName } = target;
  return {
    registryId,
    repositoryName,
    imageId,
    imageManifest: registry.manifest(repositoryName, image.digest)?.bytes.toString("utf8"),
    imageManifestMediaType: image.mediaType,
  };
}
