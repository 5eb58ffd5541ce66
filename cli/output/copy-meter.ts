import type { CopyStep } from "#shared/mirror/copy.ts";

/** How far a copy is. */
export interface CopyState {
  readonly layers: number;
  /** Layers that were begun; several travel at once. */
  readonly begun: number;
  readonly bytes: number;
  readonly done: number;
}

export interface CopyMeter {
  take(step: CopyStep): void;
  /** Undefined before it is known how much there is. */
  state(): CopyState | undefined;
}

/** Adds up the steps of a copy. One image may go to several destinations: each begins anew. */
export function copyMeter(): CopyMeter {
  let whole: { readonly blobs: number; readonly bytes: number } | undefined;
  const byDigest = new Map<string, number>();
  return {
    take(step) {
      if (step.kind === "begin") {
        whole = step;
        byDigest.clear();
      } else if (step.kind === "blob") byDigest.set(step.digest, step.bytes);
    },
    state() {
      if (whole === undefined) return undefined;
      const done = [...byDigest.values()].reduce((sum, bytes) => sum + bytes, 0);
      return { layers: whole.blobs, begun: byDigest.size, bytes: whole.bytes, done: Math.min(done, whole.bytes) };
    },
  };
}
