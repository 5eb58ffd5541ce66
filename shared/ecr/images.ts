import { createHash } from "node:crypto";
import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  type DescribeImagesFilter,
  type ECRClient,
  type ImageDetail,
  type ImageFailure,
  type ImageIdentifier,
  ListImageReferrersCommand,
  paginateDescribeImages,
} from "@aws-sdk/client-ecr";
import { type AutopilotError, permanent, transient } from "../errors.ts";
import { attempt, type EcrErrorKind, toAutopilotError, unless } from "./errors.ts";

/** An image of a private repository, as DescribeImages shows it. */
export interface PrivateImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: Date | undefined;
  /** In the archive, or on its way out of it: it cannot be pulled now. */
  readonly archived: boolean;
  /** Digest that this image refers to (OCI 1.1 subject). */
  readonly subject: string | undefined;
  /** Config and layers; of an index, its largest image (API model, ImageDetail). */
  readonly sizeBytes: number | undefined;
  readonly mediaType: string | undefined;
}

/**
 * The image of that tag or digest, archived or not; undefined where image or repository are not there. Only one that is not found is
 * asked for again with archived ones let in: DescribeImages leaves them out unless its filter asks for them (API model), and no document
 * says whether it takes a filter beside an id. Errors: AutopilotError.
 */
export async function describeImage(
  ecr: ECRClient,
  repository: string,
  image: { readonly tag: string } | { readonly digest: string },
): Promise<PrivateImage | undefined> {
  const imageId = "tag" in image ? { imageTag: image.tag } : { imageDigest: image.digest };
  const ask = async (expected: readonly EcrErrorKind[], filter?: DescribeImagesFilter) => {
    const input = { repositoryName: repository, imageIds: [imageId], filter };
    const action = `describe image '${imageId.imageTag ?? imageId.imageDigest}' of '${repository}'`;
    return (await unless(expected, action, () => ecr.send(new DescribeImagesCommand(input))))?.imageDetails?.[0];
  };
  // A bad tag or name is refused by the first call, so what the second one refuses can only be the filter.
  const found = (await ask(["not-found"])) ?? (await ask(["not-found", "invalid"], { imageStatus: "ANY" }));
  return found && toPrivateImage(found);
}

/**
 * All images with tags, 1,000 a page (API model, maxResults); archived ones only where `archived` is set, and those without a tag
 * (children of an index, referrers) only where `untagged` is. Errors: AutopilotError, transient `ecr-not-found` without the repository: a
 * list that cannot be read is not an empty one.
 */
export async function* listImages(
  ecr: ECRClient,
  repository: string,
  { archived = false, untagged = false }: { readonly archived?: boolean; readonly untagged?: boolean } = {},
): AsyncGenerator<PrivateImage> {
  const filter = { tagStatus: untagged ? "ANY" : "TAGGED", imageStatus: archived ? "ANY" : "ACTIVE" } as const;
  try {
    const input = { repositoryName: repository, filter };
    for await (const page of paginateDescribeImages({ client: ecr, pageSize: 1000 }, input)) {
      yield* (page.imageDetails ?? []).map(toPrivateImage);
    }
  } catch (error) {
    throw toAutopilotError(error, `list the images of '${repository}'`);
  }
}

/** What refers to an image. */
export interface Referrer {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes, as ECR tells them; "of the artifact" (API model, ImageReferrer) may mean more than the manifest. */
  readonly size: number;
  readonly artifactType: string | undefined;
}

/** API model, ListImageReferrers, maxResults. */
const REFERRERS_PER_PAGE = 50;

/**
 * What refers to a digest and is not archived, all pages; nothing where nobody refers to it. Errors: AutopilotError, `ecr-unsupported`
 * in a Region that does not have the call, so that the caller can ask the registry; transient `ecr-not-found` without the repository.
 */
export async function listReferrers(ecr: ECRClient, repository: string, digest: string): Promise<Referrer[]> {
  const input = { repositoryName: repository, subjectId: { imageDigest: digest }, maxResults: REFERRERS_PER_PAGE };
  const referrers: Referrer[] = [];
  let nextToken: string | undefined;
  do {
    const output = await attempt(`list what refers to '${digest}' of '${repository}'`, () =>
      ecr.send(new ListImageReferrersCommand({ ...input, nextToken })),
    );
    for (const { mediaType = "", digest = "", size = 0, artifactType } of output.referrers ?? []) {
      referrers.push({ mediaType, digest, size, artifactType });
    }
    nextToken = output.nextToken;
  } while (nextToken !== undefined);
  return referrers;
}

/** Identifiers that a call may carry (API model, ImageIdentifierList). */
const IDS_PER_CALL = 100;

/**
 * BatchGetImage by tag may convert a manifest whose type is not accepted, which changes its digest: so all that are copied, and that of
 * artifacts from before OCI 1.1, which AWS's sample of ECR Referrer Action shows.
 */
const ACCEPTED = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.cncf.oras.artifact.manifest.v1+json",
];

/** A manifest as ECR holds it, bit for bit. */
export interface PrivateManifest {
  readonly digest: string;
  readonly mediaType: string | undefined;
  readonly bytes: Buffer;
}

/**
 * The manifests of those of these tags that are there, by tag: 100 tags a call; none without the repository. Errors: permanent
 * `digest-mismatch` for a text that is not what its digest says; AutopilotError for any failure but ImageNotFound.
 */
export async function getManifestsByTag(
  ecr: ECRClient,
  repository: string,
  tags: readonly string[],
): Promise<Map<string, PrivateManifest>> {
  const manifests = new Map<string, PrivateManifest>();
  const action = `get manifests of '${repository}'`;
  for (let start = 0; start < tags.length; start += IDS_PER_CALL) {
    const imageIds = tags.slice(start, start + IDS_PER_CALL).map((imageTag) => ({ imageTag }));
    const output = await unless(["not-found"], action, () =>
      ecr.send(new BatchGetImageCommand({ repositoryName: repository, imageIds, acceptedMediaTypes: ACCEPTED })),
    );
    const failure = output?.failures?.find(({ failureCode }) => failureCode !== "ImageNotFound");
    if (failure !== undefined) throw toError(failure, action);
    for (const { imageId = {}, imageManifest = "", imageManifestMediaType } of output?.images ?? []) {
      const bytes = Buffer.from(imageManifest);
      const digest = checkedDigest(imageId, bytes, repository);
      manifests.set(imageId.imageTag ?? "", { digest, mediaType: imageManifestMediaType, bytes });
    }
  }
  return manifests;
}

/** shared/registry has the same for its own use; the rooms do not know each other. */
function checkedDigest({ imageDigest = "", imageTag }: ImageIdentifier, bytes: Buffer, repository: string): string {
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (digest === imageDigest) return digest;
  const told = `ECR gave the manifest ${digest} for the image ${imageDigest} of '${repository}:${imageTag}'`;
  throw permanent("digest-mismatch", told);
}

/** Codes of ImageFailureCode (API model) as the exceptions of the same meaning; what is not known is worth another try. */
function toError({ failureCode, failureReason, imageId }: ImageFailure, action: string): AutopilotError {
  const message = `could not ${action}: ${failureCode}: ${failureReason} ('${imageId?.imageTag}')`;
  if (failureCode === "KmsError") return permanent("ecr-kms", message);
  if (failureCode === "InvalidImageTag") return permanent("ecr-invalid", message);
  return transient("ecr-image-failure", message);
}

function toPrivateImage(image: ImageDetail): PrivateImage {
  return {
    digest: image.imageDigest ?? "",
    tags: image.imageTags ?? [],
    pushedAt: image.imagePushedAt,
    archived: (image.imageStatus ?? "ACTIVE") !== "ACTIVE",
    subject: image.subjectManifestDigest,
    sizeBytes: image.imageSizeInBytes,
    mediaType: image.imageManifestMediaType,
  };
}
