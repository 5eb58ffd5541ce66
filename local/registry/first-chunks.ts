/** ECR's Range header sticks to the first chunk of an upload although it keeps the later ones (containers-roadmap #2831). */

export interface FirstChunks {
  /** The Range to answer a PATCH with: that of the upload's first one. `size`: bytes held now. */
  range(uploadId: string, size: number): string;
  forget(uploadId: string): void;
}

/** Uploads that are remembered: abandoned ones would otherwise stay for ever. */
const kept = 10_000;

export function createFirstChunks(): FirstChunks {
  const ends = new Map<string, number>();
  return {
    range(uploadId, size) {
      const end = ends.get(uploadId) ?? Math.max(0, size - 1);
      ends.set(uploadId, end);
      for (const oldest of ends.keys()) {
        if (ends.size <= kept) break;
        ends.delete(oldest);
      }
      return `0-${end}`;
    },
    forget: (uploadId) => void ends.delete(uploadId),
  };
}
