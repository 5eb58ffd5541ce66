import { AutopilotError, transient } from "../errors.ts";
import { isWorthRetrying } from "../registry/check-status.ts";
import type { RegistryClient, RemoteManifest } from "../registry/client.ts";
import type { Descriptor } from "../registry/manifest.ts";
import type { ImagePlan } from "./plan.ts";

export interface CopyDeps {
  readonly source: RegistryClient;
  readonly destination: RegistryClient;
  /** Which of these digests the destination holds already. */
  readonly layersPresent: (digests: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Milliseconds until the work must have ended. */
  readonly remainingMs: () => number;
}

export interface CopyResult {
  readonly blobs: number;
  readonly bytes: number;
  readonly skippedBlobs: number;
  readonly skippedBytes: number;
}

/** Four layers at once gain 10 % over one; more is noise, and memory. */
const LAYERS_AT_ONCE = 4;
/** A transfer that broke off is begun again from the start in a fresh upload: nobody can continue a broken PATCH. */
const TRIES = 3;
/** ECR's validator can lag a blob's 201 by a moment. */
const MANIFEST_TRIES = 5;
const MANIFEST_PAUSE_MS = 500;
/** Slowest rate that still counts as a working transfer: enough for the largest public layer within 14 minutes. */
const SLOWEST_BYTES_PER_MS = (12 * 1024 * 1024) / 1000;

/**
 * Copies an image by digest, without any tag: blobs that are missing, then the manifests, children before the root. What is
 * present is skipped, so a repetition is cheap and continues where the last one ended.
 *
 * No layer is begun that may not end before the deadline: transient `mirror-continues`, so that the queue brings the rest.
 */
export async function copyImage(deps: CopyDeps, plan: ImagePlan, from: string, to: string): Promise<CopyResult> {
  const present = await deps.layersPresent(plan.blobs.map(({ digest }) => digest));
  const missing = plan.blobs.filter(({ digest }) => !present.has(digest));
  await inParallel(missing, LAYERS_AT_ONCE, (blob) => copyBlob(deps, blob, from, to));
  for (const manifest of plan.manifests) await putManifest(deps.destination, to, manifest.digest, manifest);
  const skipped = plan.blobs.filter(({ digest }) => present.has(digest));
  return {
    blobs: missing.length,
    bytes: totalSize(missing),
    skippedBlobs: skipped.length,
    skippedBytes: totalSize(skipped),
  };
}

/** Writes a manifest under a digest or a tag; asks again for a moment where the registry does not see its blobs yet. */
export async function putManifest(
  destination: RegistryClient,
  repository: string,
  reference: string,
  manifest: RemoteManifest,
): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await destination.putManifest(repository, reference, manifest);
    } catch (error) {
      const lagging = error instanceof AutopilotError && error.code === "registry-blob-unknown";
      if (!lagging || tried >= MANIFEST_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, MANIFEST_PAUSE_MS));
    }
  }
}

async function copyBlob(
  { source, destination, remainingMs }: CopyDeps,
  blob: Descriptor,
  from: string,
  to: string,
): Promise<void> {
  for (let tried = 1; ; tried++) {
    if (blob.size / SLOWEST_BYTES_PER_MS > remainingMs()) {
      throw transient(
        "mirror-continues",
        `${blob.digest} (${blob.size} bytes) does not fit into the time that is left`,
      );
    }
    try {
      const bytes = await source.openBlob(from, blob);
      try {
        return await destination.uploadBlob(to, blob, bytes);
      } finally {
        bytes.destroy();
      }
    } catch (error) {
      if (!isWorthRetrying(error) || tried >= TRIES) throw error;
    }
  }
}

/** Runs `work` on all items, `limit` at once. The first failure is raised once those under way have ended; no other is begun. */
async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined && !failed; item = queue.shift()) {
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, lane));
  const failure = ended.find((lane) => lane.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}

function totalSize(blobs: readonly Descriptor[]): number {
  return blobs.reduce((sum, { size }) => sum + size, 0);
}
