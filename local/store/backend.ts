/** What the core asks of the place where bytes and records are kept; all checks and the order of commits are the core's. */
import type { Readable } from "node:stream";
import type { JsonObject, RepositoryRecord } from "./store.ts";

/** An image as it is kept: what its manifest cannot tell, beside the bytes. */
export interface SavedImage {
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
  readonly pushedAt: Date;
  readonly tags: readonly string[];
}

export interface SavedRepository {
  readonly record: RepositoryRecord;
  /** Digest -> size in bytes. */
  readonly blobs: ReadonlyMap<string, number>;
  readonly images: readonly (SavedImage & { readonly bytes: Buffer })[];
}

/** The bytes of one upload. Calls come one after the other. */
export interface UploadBytes {
  /** Resolves when more may be given, not when the chunk is durable. The buffer belongs to the upload from now on. */
  write(chunk: Buffer): Promise<void> | void;
  /** Makes what was written durable. */
  seal(): Promise<void>;
  /** Makes the sealed bytes the blob `digest` of the upload's repository. */
  become(digest: string): Promise<void>;
  /** Lets the bytes go; harmless after `become`. */
  discard(): Promise<void>;
}

/** One registry's. Every change resolves once it would survive a kill; calls about one repository come one after the other. */
export interface Backend {
  createRepository(record: RepositoryRecord): Promise<void>;
  saveRecord(record: RepositoryRecord): Promise<void>;
  removeRepository(name: string): Promise<void>;

  /** `images`: all that the repository holds from now on, made as they are asked for; `added`: the manifest that is new among them. */
  saveImages(
    repository: string,
    images: Iterable<SavedImage>,
    added?: { readonly digest: string; readonly bytes: Buffer },
  ): Promise<void>;

  startUpload(repository: string, uploadId: string): Promise<UploadBytes>;
  /** `end` is inclusive. */
  readBlob(repository: string, digest: string, range?: { start: number; end: number }): Readable;
  linkBlob(repository: string, digest: string, from: string): Promise<void>;
  /** Removes the bytes of what is neither a blob nor a manifest any more: the same bytes may be both. */
  removeBytes(repository: string, digest: string): Promise<void>;

  saveDocument(key: string, value: JsonObject | undefined): Promise<void>;
}

/** What was committed before, read once when the store opens. */
export interface Saved {
  readonly repositories: readonly SavedRepository[];
  readonly documents: ReadonlyMap<string, JsonObject>;
}
