import {
  BatchDeleteImageCommand,
  DescribeImagesCommand,
  type DescribeImagesResponse,
  type ECRPUBLICClient,
  type ImageDetail,
  type ImageIdentifier,
  paginateDescribeImages,
} from "@aws-sdk/client-ecr-public";
import { attempt, toAutopilotError, unless } from "./errors.ts";

/** An image of a public repository. */
export interface PublicImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: Date | undefined;
  readonly mediaType: string | undefined;
}

/** Identifiers that a call may carry (API model, ImageIdentifierList). */
const IDS_PER_CALL = 100;

/** The image of that digest; undefined where image or repository are not there. Errors: AutopilotError. */
export async function describePublicImage(
  client: ECRPUBLICClient,
  repository: string,
  digest: string,
): Promise<PublicImage | undefined> {
  const output = await unless(["not-found"], `describe public image '${digest}' of '${repository}'`, () =>
    client.send(new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageDigest: digest }] })),
  );
  const image = output?.imageDetails?.[0];
  return image && toPublicImage(image);
}

/**
 * The digest under each of these tags that is there: 100 tags a call, and none without the repository. One missing tag fails a whole
 * call, which then goes by halves. Errors: AutopilotError.
 */
export async function publicDigestsOf(
  client: ECRPUBLICClient,
  repository: string,
  tags: readonly string[],
): Promise<Map<string, string>> {
  const wanted = new Set(tags);
  const digests = new Map<string, string>();
  const waiting = [...chunks([...wanted])];
  for (let asked = waiting.pop(); asked !== undefined; asked = waiting.pop()) {
    const images = await imagesOfTags(client, repository, asked);
    // An image comes with all its tags, those that nobody asked for too.
    for (const { imageDigest = "", imageTags = [] } of images ?? []) {
      for (const tag of imageTags) if (wanted.has(tag)) digests.set(tag, imageDigest);
    }
    if (images !== undefined || asked.length === 1) continue;
    const half = Math.ceil(asked.length / 2);
    waiting.push(asked.slice(0, half), asked.slice(half));
  }
  return digests;
}

/** Undefined where one of the tags is missing; nothing without the repository, where no half would be found either. */
async function imagesOfTags(client: ECRPUBLICClient, repositoryName: string, tags: readonly string[]) {
  const imageIds = tags.map((imageTag) => ({ imageTag }));
  const output = await unless(
    ["not-found"],
    `describe ${tags.length} tags of public repository '${repositoryName}'`,
    () =>
      client
        .send(new DescribeImagesCommand({ repositoryName, imageIds }))
        .catch((error: Error): DescribeImagesResponse => {
          if (error.name === "RepositoryNotFoundException") return {};
          throw error;
        }),
  );
  return output && (output.imageDetails ?? []);
}

/**
 * All images, those without tags too (children of an index, referrers), 1,000 a page (API model, maxResults). Errors: AutopilotError,
 * transient `ecr-not-found` without the repository: a list that cannot be read is not an empty one.
 */
export async function* listPublicImages(client: ECRPUBLICClient, repository: string): AsyncGenerator<PublicImage> {
  try {
    for await (const page of paginateDescribeImages({ client, pageSize: 1000 }, { repositoryName: repository })) {
      yield* (page.imageDetails ?? []).map(toPublicImage);
    }
  } catch (error) {
    throw toAutopilotError(error, `list the images of public repository '${repository}'`);
  }
}

/** An image (`digest` alone) or a tag of one. */
export interface PublicImageId {
  readonly digest?: string;
  readonly tag?: string;
}

export interface PublicDeletion {
  /** One for each tag that is gone, and one without tag for an image that had none. */
  readonly deleted: readonly PublicImageId[];
  /** `code`: ImageFailureCode (API model). ImageNotFound: it was gone already. ImageReferencedByManifestList: an index needs it. */
  readonly failures: readonly { readonly id: PublicImageId; readonly code: string; readonly reason: string }[];
}

/**
 * Deletes images (by digest, with all their tags) and tags (the image goes with its last one), 100 a call in the order given. What
 * cannot be deleted is told in `failures` and stops nothing else. Errors: AutopilotError, when a whole call fails: what earlier calls
 * have deleted stays deleted, and is ImageNotFound in the next try.
 */
export async function deletePublicImages(
  client: ECRPUBLICClient,
  repository: string,
  ids: readonly PublicImageId[],
): Promise<PublicDeletion> {
  const deleted: PublicImageId[] = [];
  const failures: PublicDeletion["failures"][number][] = [];
  for (const chunk of chunks(ids)) {
    const imageIds = chunk.map(({ digest, tag }) => ({ imageDigest: digest, imageTag: tag }));
    const output = await attempt(`delete images of public repository '${repository}'`, () =>
      client.send(new BatchDeleteImageCommand({ repositoryName: repository, imageIds })),
    );
    deleted.push(...(output.imageIds ?? []).map(toId));
    for (const { imageId = {}, failureCode = "", failureReason = "" } of output.failures ?? []) {
      failures.push({ id: toId(imageId), code: failureCode, reason: failureReason });
    }
  }
  return { deleted, failures };
}

function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += IDS_PER_CALL) yield items.slice(start, start + IDS_PER_CALL);
}

function toId({ imageDigest, imageTag }: ImageIdentifier): PublicImageId {
  return {
    ...(imageDigest !== undefined && { digest: imageDigest }),
    ...(imageTag !== undefined && { tag: imageTag }),
  };
}

function toPublicImage(image: ImageDetail): PublicImage {
  return {
    digest: image.imageDigest ?? "",
    tags: image.imageTags ?? [],
    pushedAt: image.imagePushedAt,
    mediaType: image.imageManifestMediaType,
  };
}
