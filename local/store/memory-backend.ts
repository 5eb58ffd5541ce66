/** Bytes and records in memory. Records live in the core alone; here are only the bytes of blobs. */
import { Readable } from "node:stream";
import type { Backend, UploadBytes } from "./backend.ts";

/** Chunks as they arrived; nothing is copied. */
type Chunks = readonly Buffer[];

export function createMemoryBackend(): Backend {
  /** Repository -> digest -> bytes. */
  const blobs = new Map<string, Map<string, Chunks>>();
  const held = (repository: string): Map<string, Chunks> => {
    const found = blobs.get(repository);
    if (found === undefined) throw new Error(`the memory backend has no repository '${repository}'`);
    return found;
  };
  const done = Promise.resolve();

  return {
    createRepository: async ({ name }) => void blobs.set(name, new Map()),
    saveRecord: () => done,
    removeRepository: async (name) => void blobs.delete(name),
    saveImages: () => done,
    startUpload: async (repository) => memoryUpload((digest, chunks) => held(repository).set(digest, chunks)),
    readBlob: (repository, digest, range) => Readable.from(slices(held(repository).get(digest) ?? [], range)),
    async linkBlob(repository, digest, from) {
      held(repository).set(digest, held(from).get(digest) ?? []);
    },
    removeBytes: async (repository, digest) => void held(repository).delete(digest),
    saveDocument: () => done,
  };
}

function memoryUpload(become: (digest: string, chunks: Chunks) => void): UploadBytes {
  let chunks: Buffer[] = [];
  return {
    write: (chunk) => void chunks.push(chunk),
    seal: async () => {},
    become: async (digest) => become(digest, chunks),
    discard: async () => {
      // The blob may hold the old list.
      chunks = [];
    },
  };
}

function* slices(chunks: Chunks, { start, end } = { start: 0, end: Number.POSITIVE_INFINITY }): Generator<Buffer> {
  let at = 0;
  for (const chunk of chunks) {
    if (at > end) return;
    const piece = chunk.subarray(Math.max(0, start - at), Math.max(0, end + 1 - at));
    if (piece.length > 0) yield piece;
    at += chunk.length;
  }
}
