/**
 * What the local account keeps: repositories, images, blobs and uploads of one private and one public registry.
 *
 * The store knows content, not HTTP and not AWS: it checks digests, references between blobs, children and manifests, and
 * tag immutability, and tells each refusal as a `StoreError`. Both front doors (AWS API and OCI distribution) go through it and map its
 * errors to their own words, so they cannot disagree. Metadata is held in memory and read synchronously; every method that
 * changes something resolves once the change would survive a kill of the process (disk) or at once (memory).
 */
import type { Readable } from "node:stream";

export type Side = "private" | "public";
export type JsonObject = { [key: string]: unknown };

/** Which tags may not be moved once they point at an image. `except` holds patterns in which `*` is any run of characters. */
export interface TagRule {
  readonly tags: "mutable" | "immutable";
  readonly except: readonly string[];
}

/** Everything a front door wants remembered about a repository and that the store itself does not interpret. */
export interface RepositoryRecord {
  readonly name: string;
  readonly createdAt: Date;
  readonly tagRule: TagRule;
  readonly settings: JsonObject;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface ImageRecord extends Descriptor {
  /** Tags that point at this digest now, sorted. */
  readonly tags: readonly string[];
  readonly pushedAt: Date;
  /** `artifactType` of the manifest, or its config's media type. */
  readonly artifactType: string | undefined;
  /** Digest of the OCI 1.1 `subject`, when the manifest has one. */
  readonly subject: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  /** Sum of config and layer sizes; for an index 0. */
  readonly contentSize: number;
}

export type StoreErrorCode =
  | "repository-unknown"
  | "repository-exists"
  | "repository-not-empty"
  | "upload-unknown"
  | "upload-empty"
  /** The offset given does not continue the upload. `detail.received`: bytes held. */
  | "upload-offset"
  /** A part that was not the last is below the minimum. */
  | "upload-part-small"
  | "digest-invalid"
  | "digest-mismatch"
  | "blob-unknown"
  | "blob-exists"
  | "manifest-invalid"
  | "manifest-unknown"
  /** `detail.digests`: what the manifest refers to and the repository does not hold. */
  | "blobs-missing"
  | "children-missing"
  /** The same digest under the same tag (or, without a tag, the same digest) is there. */
  | "image-exists"
  /** `detail.tag`. Raised for another digest under a tag that the tag rule fixes. */
  | "tag-immutable"
  | "tag-invalid"
  /** The image is a child of an index that is still there. `detail.parents`. */
  | "image-referenced";

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly detail: JsonObject;
  constructor(code: StoreErrorCode, message: string, detail: JsonObject = {}) {
    super(message);
    this.name = "StoreError";
    this.code = code;
    this.detail = detail;
  }
}

/** What happened, in the order it was committed; one listener set per registry. */
export type StoreChange =
  | {
      type: "image-pushed";
      repository: string;
      image: ImageRecord;
      tag: string | undefined;
      movedFrom: string | undefined;
    }
  | { type: "image-deleted"; repository: string; image: ImageRecord; tag: string | undefined }
  | { type: "repository-created" | "repository-changed" | "repository-deleted"; repository: RepositoryRecord };

export interface PutManifest {
  readonly repository: string;
  /** The exact bytes; the digest is theirs. */
  readonly bytes: Buffer;
  /** Content type told by the client; the manifest's own `mediaType` wins, and a contradiction is `manifest-invalid`. */
  readonly mediaType: string | undefined;
  readonly tag: string | undefined;
  /** Digest the client expects; another one is `digest-mismatch`. */
  readonly digest: string | undefined;
}

export interface Registry {
  readonly side: Side;

  createRepository(record: RepositoryRecord): Promise<RepositoryRecord>;
  /** Undefined when there is none. */
  repository(name: string): RepositoryRecord | undefined;
  /** Names sorted, the first greater than `after`, at most `limit`. */
  repositories(options?: { after?: string; limit?: number }): RepositoryRecord[];
  updateRepository(name: string, change: (record: RepositoryRecord) => RepositoryRecord): Promise<RepositoryRecord>;
  /** Without `force` a repository that holds images is `repository-not-empty`. */
  deleteRepository(name: string, options: { force: boolean }): Promise<RepositoryRecord>;

  startUpload(repository: string): Promise<string>;
  /** Bytes received so far. */
  uploadSize(repository: string, uploadId: string): number;
  /** Streams `bytes` to the end of the upload; `offset`, when given, must be its present size. Gives the new size. Whole or not at all for a Buffer; for a stream that breaks, what arrived stays. */
  appendUpload(
    repository: string,
    uploadId: string,
    bytes: Readable | Buffer,
    options?: { offset?: number },
  ): Promise<number>;
  /** Verifies the digest and makes the blob. `minimumPart`: every appended part but the last must have at least this many bytes. A blob that is there already: `blob-exists` only with `refuseExisting`. */
  finishUpload(
    repository: string,
    uploadId: string,
    digest: string,
    options?: { minimumPart?: number; refuseExisting?: boolean },
  ): Promise<Descriptor>;
  cancelUpload(repository: string, uploadId: string): Promise<void>;

  /** Size of a blob of this repository, or undefined. */
  blob(repository: string, digest: string): { size: number } | undefined;
  /** Whether any manifest of the repository refers to the blob. */
  isBlobReferenced(repository: string, digest: string): boolean;
  /** `end` is inclusive. */
  readBlob(repository: string, digest: string, range?: { start: number; end: number }): Readable;
  /** Makes a blob of another repository a blob of this one. */
  mountBlob(repository: string, digest: string, from: string): Promise<Descriptor>;
  deleteBlob(repository: string, digest: string): Promise<void>;

  /** Checks, in this order: repository, manifest syntax, digest, blobs, children, tag rule, then `image-exists`; then commits image and tag together. */
  putManifest(request: PutManifest): Promise<ImageRecord>;
  /** `reference` is a tag or a digest. */
  manifest(repository: string, reference: string): { image: ImageRecord; bytes: Buffer } | undefined;
  image(repository: string, reference: string): ImageRecord | undefined;
  /** Sorted by digest, the first greater than `after`. */
  images(repository: string, options?: { after?: string; limit?: number }): ImageRecord[];
  /** Sorted. */
  tags(repository: string, options?: { after?: string; limit?: number }): string[];
  /** Manifests whose subject is `digest`, sorted by digest. */
  referrers(repository: string, digest: string): ImageRecord[];
  /** Removes a tag; with it the image, when that was its last tag and `keepUntagged` is not set. */
  deleteTag(repository: string, tag: string, options?: { keepUntagged?: boolean }): Promise<ImageRecord>;
  /** Removes an image and all its tags. */
  deleteImage(repository: string, digest: string): Promise<ImageRecord>;

  /** Settings of the registry as a whole (creation templates, scanning, catalog …), by key. */
  document(key: string): JsonObject | undefined;
  putDocument(key: string, value: JsonObject | undefined): Promise<void>;

  /** Called after the commit, in order; gives the function that ends the subscription. */
  onChange(listener: (change: StoreChange) => void): () => void;
}

export interface Store {
  readonly private: Registry;
  readonly public: Registry;
  close(): Promise<void>;
}
