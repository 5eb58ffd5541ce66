/** StoreError -> the exception of ECR and ECR Public, one table for both front doors. */
import { AwsError } from "../aws/call.ts";
import { StoreError, type StoreErrorCode } from "../store/store.ts";

/** What the call was about; names what the texts need to name. */
export interface About {
  readonly repositoryName?: string;
  readonly registryId: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly uploadId?: string;
  readonly service: "ecr" | "ecr-public";
  /** Name of the operation, where a refusal has another name in it: a wrong digest is a layer's in CompleteLayerUpload. */
  readonly operation?: string;
}

interface Told {
  readonly code: string;
  readonly text: (about: Required<About>, error: StoreError) => string;
  readonly fields?: (about: Required<About>, error: StoreError) => Record<string, unknown>;
}

const inRepository = (about: About): string =>
  `in the repository with name '${about.repositoryName}' in the registry with id '${about.registryId}'`;

const listed = (error: StoreError): string => {
  const digests = error.detail.digests;
  return Array.isArray(digests) ? digests.join(", ") : "";
};

/** Texts marked [seen] are recorded in public reports; the others are worded alike. */
const table: Record<StoreErrorCode, Told> = {
  // [seen]
  "repository-unknown": {
    code: "RepositoryNotFoundException",
    text: (about) =>
      `The repository with name '${about.repositoryName}' does not exist in the registry with id '${about.registryId}'`,
  },
  // [seen]
  "repository-exists": {
    code: "RepositoryAlreadyExistsException",
    text: (about) =>
      `The repository with name '${about.repositoryName}' already exists in the registry with id '${about.registryId}'`,
  },
  // [seen]
  "repository-not-empty": {
    code: "RepositoryNotEmptyException",
    text: (about) =>
      `The repository with name '${about.repositoryName}' in registry with id '${about.registryId}' cannot be deleted because it still contains images`,
  },
  "upload-unknown": {
    code: "UploadNotFoundException",
    text: (about) => `The upload with id '${about.uploadId}' does not exist ${inRepository(about)}`,
  },
  // [seen] devcontainers/cli #814
  "upload-empty": {
    code: "EmptyUploadException",
    text: (about) =>
      `The upload with id '${about.uploadId}' in the repository with name '${about.repositoryName}' in registry with id '${about.registryId}' cannot be completed because it does not have any parts`,
  },
  "upload-offset": {
    code: "InvalidLayerPartException",
    text: (about, error) =>
      `The layer part does not continue the upload ${inRepository(about)}: last valid byte received ${lastByte(error)}`,
    // Members of the API model; a client resumes from them.
    fields: (about, error) => ({
      registryId: about.registryId,
      repositoryName: about.repositoryName,
      uploadId: about.uploadId,
      lastValidByteReceived: lastByte(error),
    }),
  },
  // [seen] dotnet/sdk-container-builds #424
  "upload-part-small": {
    code: "LayerPartTooSmallException",
    text: () => "All layer parts except the last part should be at least 5MB",
  },
  "digest-invalid": {
    code: "InvalidParameterException",
    text: () =>
      "Invalid parameter at 'imageDigest' failed to satisfy constraint: 'must satisfy regular expression '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+''",
  },
  // [seen] go-containerregistry #1568
  "digest-mismatch": {
    code: "ImageDigestDoesNotMatchException",
    text: (about) =>
      `The image with digest '${about.digest}' in repository '${about.repositoryName}' and registry ID '${about.registryId}' does not match the image digest that Amazon ECR has calculated.`,
  },
  // [seen] for GetDownloadUrlForLayer
  "blob-unknown": {
    code: "LayersNotFoundException",
    text: (about, error) =>
      `The layer with digest ${text(error.detail.digest) || about.digest} does not exist within the repository with name '${about.repositoryName}' in the registry with id '${about.registryId}'`,
  },
  "blob-exists": {
    code: "LayerAlreadyExistsException",
    text: (about, error) =>
      `Layer with digest '${text(error.detail.digest) || about.digest}' already exists ${inRepository(about)}`,
  },
  // [seen]
  "manifest-invalid": {
    code: "InvalidParameterException",
    text: () => "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
  },
  "manifest-unknown": {
    code: "ImageNotFoundException",
    text: (about) =>
      `The image with imageId {imageDigest:'${about.digest || "null"}', imageTag:'${about.tag || "null"}'} does not exist within the repository with name '${about.repositoryName}' in the registry with id '${about.registryId}'`,
  },
  "blobs-missing": {
    code: "LayersNotFoundException",
    text: (about, error) =>
      `Layers with digests '[${listed(error)}]' required for pushing image into repository with name '${about.repositoryName}' in the registry with id '${about.registryId}' do not exist`,
  },
  // [seen]
  "children-missing": {
    code: "ReferencedImagesNotFoundException",
    text: (about, error) =>
      `Images with digests '[${listed(error)}]' required for pushing image into repository with name '${about.repositoryName}' in the registry with id '${about.registryId}' do not exist`,
  },
  // [seen]
  "image-exists": {
    code: "ImageAlreadyExistsException",
    text: (about, error) =>
      `Image with digest '${text(error.detail.digest) || about.digest}' and tag '${text(error.detail.tag) || about.tag || "null"}' already exists in the repository with name '${about.repositoryName}' in registry with id '${about.registryId}'`,
  },
  // [seen]
  "tag-immutable": {
    code: "ImageTagAlreadyExistsException",
    text: (about, error) =>
      `The image tag '${text(error.detail.tag) || about.tag}' already exists in the '${about.repositoryName}' repository and cannot be overwritten because the tag is immutable.`,
  },
  // The pattern is seen in a reply of the registry endpoint.
  "tag-invalid": {
    code: "InvalidParameterException",
    text: () =>
      "Invalid parameter at 'imageTag' failed to satisfy constraint: 'must satisfy regular expression '[a-zA-Z0-9-_.]+''",
  },
  // BatchDeleteImage tells this as a failure per image (ImageReferencedByManifestList); this is for any other caller.
  "image-referenced": {
    code: "InvalidParameterException",
    text: (about) =>
      `Requested image referenced by manifest list: [${about.digest || about.tag}] ${inRepository(about)}`,
  },
};

/** What CompleteLayerUpload says where the other operations would speak of an image. */
const ofLayer: Partial<Record<StoreErrorCode, Told>> = {
  "digest-mismatch": {
    code: "InvalidLayerException",
    // [seen] dotnet/sdk-container-builds #424
    text: () => "None of the provided layer digests match the calculated layer digest",
  },
  "digest-invalid": {
    code: "InvalidParameterException",
    text: () =>
      "Invalid parameter at 'layerDigests' failed to satisfy constraint: 'Member must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z0-9-_+.]+:[a-fA-F0-9]+]'",
  },
};

/** The AwsError for a refusal of the store, in the recorded words where a record exists; any other value unchanged. */
export function toAwsError(error: unknown, about: About): unknown {
  if (!(error instanceof StoreError)) return error;
  const told = (about.operation === "CompleteLayerUpload" ? ofLayer[error.code] : undefined) ?? table[error.code];
  const full = { repositoryName: "", tag: "", digest: "", uploadId: "", operation: "", ...about };
  return new AwsError(told.code, told.text(full, error), { fields: told.fields?.(full, error) ?? {} });
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The last byte held, counted from 0; -1 when there is none. */
function lastByte(error: StoreError): number {
  const received = error.detail.received;
  return (typeof received === "number" ? received : 0) - 1;
}
