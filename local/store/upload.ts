/** One upload: its bytes in order, hashed as they arrive. */
import { createHash, type Hash } from "node:crypto";
import type { Readable } from "node:stream";
import type { UploadBytes } from "./backend.ts";
import { createSerial, type Serial } from "./serial.ts";
import type { Repository } from "./state.ts";
import { StoreError } from "./store.ts";

export interface Upload {
  readonly id: string;
  readonly bytes: UploadBytes;
  readonly hash: Hash;
  /** One append, or the end, at a time. */
  readonly serial: Serial;
  size: number;
  /** Size of the newest part, undefined before the first; and of the shortest part before it. */
  newestPart: number | undefined;
  shortestEarlierPart: number;
  /** Set once the upload is over: what still runs on it ends with upload-unknown. */
  over: boolean;
  /** The stream that is being appended. */
  source: Readable | undefined;
}

export function newUpload(id: string, bytes: UploadBytes): Upload {
  return {
    id,
    bytes,
    hash: createHash("sha256"),
    serial: createSerial(),
    size: 0,
    newestPart: undefined,
    shortestEarlierPart: Number.POSITIVE_INFINITY,
    over: false,
    source: undefined,
  };
}

/** Error: upload-unknown. */
export function requireUpload(repository: Repository, id: string): Upload {
  const upload = repository.uploads.get(id);
  if (upload === undefined || upload.over) throw unknownUpload(id);
  return upload;
}

export function unknownUpload(id: string): StoreError {
  return new StoreError("upload-unknown", `there is no upload '${id}'`, { uploadId: id });
}

/**
 * Takes the bytes to the end of the upload. When a stream breaks, what arrived stays and its error goes on. An error while writing
 * ends the upload: what was written is then not known, and a hash cannot go back.
 */
export async function append(repository: Repository, upload: Upload, bytes: Readable | Buffer): Promise<void> {
  const before = upload.size;
  try {
    if (Buffer.isBuffer(bytes)) await take(repository, upload, bytes);
    else await drain(repository, upload, bytes);
  } finally {
    upload.source = undefined;
    if (upload.newestPart !== undefined) {
      upload.shortestEarlierPart = Math.min(upload.shortestEarlierPart, upload.newestPart);
    }
    upload.newestPart = upload.size - before;
  }
}

async function drain(repository: Repository, upload: Upload, source: Readable): Promise<void> {
  upload.source = source;
  // What is left of a stream that is not taken to its end stays its owner's: a request can then still be answered.
  for await (const chunk of source.iterator({ destroyOnReturn: false })) {
    if (upload.over) throw unknownUpload(upload.id);
    await take(repository, upload, chunk as Buffer);
  }
}

async function take(repository: Repository, upload: Upload, chunk: Buffer): Promise<void> {
  try {
    upload.hash.update(chunk);
    upload.size += chunk.length;
    await upload.bytes.write(chunk);
  } catch (error) {
    await endUpload(repository, upload);
    throw error;
  }
}

/** Ends an upload from within its line and lets its bytes go. */
export async function endUpload(repository: Repository, upload: Upload): Promise<void> {
  upload.over = true;
  repository.uploads.delete(upload.id);
  await upload.bytes.discard();
}

/** Ends an upload from outside: what runs on it breaks with upload-unknown, then the bytes go. */
export function interruptUpload(repository: Repository, upload: Upload): Promise<void> {
  upload.over = true;
  repository.uploads.delete(upload.id);
  upload.source?.destroy(unknownUpload(upload.id));
  return upload.serial(() => upload.bytes.discard());
}
