import { AutopilotError, permanent, transient } from "../errors.ts";
import type { RegistryClient } from "../registry/client.ts";
import { type Descriptor, isNondistributable } from "../registry/manifest.ts";
import type { RemoteManifest } from "../registry/manifests.ts";
import { backoffMs, createPause, type Pause } from "../registry/pause.ts";
import { inParallel } from "../pacing/in-parallel.ts";
import type { ImagePlan } from "./plan.ts";

export interface CopyDeps {
  readonly source: RegistryClient;
  /** Milliseconds until the work must have ended. */
  readonly remainingMs: () => number;
  /** Between two tries of a manifest; by the clock unless given. */
  readonly pause?: Pause;
}

export interface CopyDestination {
  readonly client: RegistryClient;
  /** Name at the registry's host; with the alias at ECR Public. */
  readonly repository: string;
  /** Which of these digests, at most 100, the destination holds already. */
  readonly layersPresent: (digests: readonly string[]) => Promise<ReadonlySet<string>>;
}

export interface CopyCounts {
  /** Copied now, and their bytes. */
  readonly blobs: number;
  readonly bytes: number;
  /** There already, and their bytes. */
  readonly skippedBlobs: number;
  readonly skippedBytes: number;
}

export type CopyResult =
  | ({ readonly outcome: "copied"; readonly manifests: number } & CopyCounts)
  /** The time was over before all layers were there: no manifest and no tag was written. `left`: layers that were not begun. */
  | ({ readonly outcome: "continues"; readonly left: { readonly blobs: number; readonly bytes: number } } & CopyCounts);

/** Digests that BatchCheckLayerAvailability takes in one call (API model, BatchedOperationLayerDigestList). */
const ASKED_AT_ONCE = 100;
/** Four layers at once gain 10 % over one; more is noise, and memory. */
const LAYERS_AT_ONCE = 4;
const MANIFEST_TRIES = 5;
/** Slowest rate that still counts as a working transfer: enough for the largest public layer within 14 minutes. */
const SLOWEST_BYTES_PER_MS = (12 * 1024 * 1024) / 1000;

/**
 * Copies an image: blobs that are missing, the manifests by digest, children before the root, and only then `tags`. What is present is
 * skipped, so a repetition is cheap and continues where the last one ended.
 *
 * No layer is begun that may not end before the deadline; the largest are begun first, since they need the time most. Errors: AutopilotError, or
 * the signal's reason.
 */
export async function copyImage(
  deps: CopyDeps,
  plan: ImagePlan,
  destination: CopyDestination,
  tags: readonly string[],
): Promise<CopyResult> {
  const present = await blobsPresent(destination, plan.blobs);
  const skipped = plan.blobs.filter(({ digest }) => present.has(digest));
  const missing = plan.blobs.filter(({ digest }) => !present.has(digest)).sort((one, other) => other.size - one.size);
  const copied: Descriptor[] = [];
  const left: Descriptor[] = [];
  await inParallel(missing, LAYERS_AT_ONCE, async (blob) => {
    const how = await copyBlob(deps, plan.repository, blob, destination);
    if (how === "copied") copied.push(blob);
    else if (how === "left") left.push(blob);
  });

  const counts = {
    blobs: copied.length,
    bytes: totalSize(copied),
    skippedBlobs: skipped.length,
    skippedBytes: totalSize(skipped),
  };
  if (left.length > 0) return { outcome: "continues", left: { blobs: left.length, bytes: totalSize(left) }, ...counts };

  const { pause = createPause() } = deps;
  for (const manifest of plan.manifests) await putManifest(destination, manifest.digest, manifest, pause);
  const root = plan.manifests.at(-1);
  if (root === undefined) throw permanent("manifest-invalid", `the plan of ${plan.digest} has no manifest`);
  for (const tag of tags) await putManifest(destination, tag, root, pause);
  return { outcome: "copied", manifests: plan.manifests.length, ...counts };
}

async function blobsPresent(
  { layersPresent }: CopyDestination,
  blobs: readonly Descriptor[],
): Promise<ReadonlySet<string>> {
  const present = new Set<string>();
  for (let start = 0; start < blobs.length; start += ASKED_AT_ONCE) {
    const asked = blobs.slice(start, start + ASKED_AT_ONCE).map(({ digest }) => digest);
    for (const digest of await layersPresent(asked)) present.add(digest);
  }
  return present;
}

/** `left`: there is not enough time. `elsewhere`: nobody can copy it, and its manifest says where it is. */
async function copyBlob(
  { source, remainingMs }: CopyDeps,
  from: string,
  blob: Descriptor,
  { client, repository }: CopyDestination,
): Promise<"copied" | "left" | "elsewhere"> {
  const { digest, size } = blob;
  const isLate = (): boolean => size / SLOWEST_BYTES_PER_MS > remainingMs();
  if (isLate()) return "left";
  if (isNondistributable(blob) && !(await isHeld(source, from, digest))) return "elsewhere";
  try {
    await client.uploadBlob(repository, blob, async (start) => {
      // A broken upload begins the layer anew, and that may be too late.
      if (start === 0 && isLate()) throw transient(OUT_OF_TIME, `${digest} does not fit into the time that is left`);
      const opened = await source.openBlob(from, digest, { start });
      if (opened.size === undefined || opened.size === size) return opened.stream;
      opened.stream.destroy();
      throw permanent("blob-size-mismatch", `${digest} has ${opened.size} bytes, and its manifest says ${size}`);
    });
    return "copied";
  } catch (error) {
    if (error instanceof AutopilotError && error.code === OUT_OF_TIME) return "left";
    throw error;
  }
}

const OUT_OF_TIME = "mirror-layer-late";

/** Asked by a download that is not read: a HEAD would need one permission more (ecr:BatchCheckLayerAvailability). */
async function isHeld(source: RegistryClient, repository: string, digest: string): Promise<boolean> {
  try {
    (await source.openBlob(repository, digest)).stream.destroy();
    return true;
  } catch (error) {
    if (error instanceof AutopilotError && error.code === "registry-blob-not-found") return false;
    throw error;
  }
}

/** ECR's validator can lag a blob's 201, and an index's child: asked again, with a bound, and then raised. */
async function putManifest(
  { client, repository }: CopyDestination,
  reference: string,
  manifest: RemoteManifest,
  pause: Pause,
): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await client.putManifest(repository, reference, manifest);
    } catch (error) {
      const isLag = error instanceof AutopilotError && error.code === "registry-blob-unknown";
      if (!isLag || tried >= MANIFEST_TRIES) throw error;
    }
    await pause(backoffMs(tried));
  }
}

function totalSize(blobs: readonly Descriptor[]): number {
  return blobs.reduce((sum, { size }) => sum + size, 0);
}
