import { AutopilotError, permanent, transient } from "../errors.ts";
import { inParallel } from "../pacing/in-parallel.ts";
import { isPassing } from "../registry/check-status.ts";
import { type Descriptor, isNondistributable } from "../registry/manifest.ts";
import type { RemoteManifest } from "../registry/manifests.ts";
import { backoffMs, createPause, type Pause } from "../registry/pause.ts";
import type { Accessory } from "./accessories.ts";
import type { MirrorDestination } from "./destination.ts";
import type { ImagePlan } from "./plan.ts";
import type { MirrorSource } from "./source.ts";

export interface CopyDeps {
  readonly source: Pick<MirrorSource, "client" | "layersPresent">;
  /** Milliseconds until the work must have ended. */
  readonly remainingMs: () => number;
  /** Between two tries of a manifest; by the clock unless given. */
  readonly pause?: Pause;
  /** Told of each step, for whoever waits for it. */
  readonly progress?: (step: CopyStep) => void;
}

export type CopyStep =
  /** What is to be copied now. */
  | { readonly kind: "begin"; readonly blobs: number; readonly bytes: number }
  /** Bytes of it so far, about once for each MiB, and all of them at its end; a blob that must be sent again goes back. */
  | { readonly kind: "blob"; readonly digest: string; readonly bytes: number }
  /** Written. */
  | { readonly kind: "manifest"; readonly digest: string }
  | { readonly kind: "tag"; readonly tag: string };

export interface CopyRequest {
  readonly plan: ImagePlan;
  /** What travels with it, dependencies first. */
  readonly accessories: readonly Accessory[];
  /** Written last. */
  readonly tags: readonly string[];
  /** Asked just before: those of the tags that may be written, after all that time. All of them without it. */
  readonly stillFree?: () => Promise<readonly string[]>;
  /** Whether bytes are hashed on the way, too: the destination compares their digest in any case. */
  readonly verify: boolean;
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
 * Copies an image: blobs that are missing, the manifests by digest, children before the root, then whatever is about it, and only then
 * `tags`: so a tag never points at something incomplete. What is present is skipped, so a repetition is cheap and continues where the
 * last one ended.
 *
 * No layer is begun that may not end before the deadline; the largest are begun first, since they need the time most. Errors: AutopilotError, or
 * the signal's reason.
 */
export async function copyImage(
  deps: CopyDeps,
  { plan, accessories, tags, stillFree, verify }: CopyRequest,
  destination: MirrorDestination,
): Promise<CopyResult> {
  const blobs = blobsOf([plan, ...accessories.map((accessory) => accessory.plan)]);
  const present = await layersIn(blobs, (digests) => destination.layersPresent(digests));
  const skipped = blobs.filter(({ digest }) => present.has(digest));
  const missing = blobs.filter(({ digest }) => !present.has(digest)).sort((one, other) => other.size - one.size);
  const toCopy = await heldAtSource(deps.source, plan.repository, missing);
  deps.progress?.({ kind: "begin", blobs: toCopy.length, bytes: totalSize(toCopy) });
  const copied: Descriptor[] = [];
  const left: Descriptor[] = [];
  await inParallel(toCopy, LAYERS_AT_ONCE, async (blob) => {
    const how = await copyBlob(deps, plan.repository, blob, destination, verify);
    if (how === "copied") copied.push(blob);
    else left.push(blob);
  });

  const counts = {
    blobs: copied.length,
    bytes: totalSize(copied),
    skippedBlobs: skipped.length,
    skippedBytes: totalSize(skipped),
  };
  if (left.length > 0) return { outcome: "continues", left: { blobs: left.length, bytes: totalSize(left) }, ...counts };

  const write = writer(destination, deps);
  let manifests = 0;
  // Where the root is, all that it needs is: the registry takes no index before its children.
  if ((await destination.tagsOf(plan.digest, [])) === undefined) {
    for (const manifest of plan.manifests) await write.byDigest(manifest);
    manifests += plan.manifests.length;
  }
  const isListed = listing(destination);
  for (const accessory of accessories) {
    const { plan: own, subject, tag } = accessory;
    const isThere =
      tag === undefined
        ? await isListed(subject, own.digest)
        : (await destination.digestsOf([tag])).get(tag) === own.digest;
    if (isThere) continue;
    await putAccessory(write, accessory);
    manifests += own.manifests.length;
  }
  const root = plan.manifests.at(-1);
  if (root === undefined) throw permanent("manifest-invalid", `the plan of ${plan.digest} has no manifest`);
  for (const tag of stillFree === undefined ? tags : await stillFree()) await write.byTag(tag, root);
  return { outcome: "copied", manifests, ...counts };
}

/** Whether a digest is among the referrers of a subject: it may be there and not listed, when it was cut off in between. */
function listing({ client, repository }: MirrorDestination): (subject: string, digest: string) => Promise<boolean> {
  const lists = new Map<string, ReadonlySet<string>>();
  return async (subject, digest) => {
    const list =
      lists.get(subject) ?? new Set((await client.listReferrers(repository, subject)).map((one) => one.digest));
    lists.set(subject, list);
    return list.has(digest);
  };
}

async function putAccessory(write: Writer, { subject, tag, plan }: Accessory): Promise<void> {
  const root = plan.manifests.at(-1);
  for (const child of plan.manifests.slice(0, -1)) await write.byDigest(child);
  if (root === undefined) return;
  if (tag === undefined) await write.referrer(root, subject);
  else await write.byTag(tag, root);
}

/** Blobs of several images, each once. */
function blobsOf(plans: readonly ImagePlan[]): Descriptor[] {
  return [...new Map(plans.flatMap(({ blobs }) => blobs.map((blob) => [blob.digest, blob] as const))).values()];
}

async function layersIn(
  blobs: readonly Descriptor[],
  ask: (digests: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<ReadonlySet<string>> {
  const present = new Set<string>();
  for (let start = 0; start < blobs.length; start += ASKED_AT_ONCE) {
    const asked = blobs.slice(start, start + ASKED_AT_ONCE).map(({ digest }) => digest);
    for (const digest of await ask(asked)) present.add(digest);
  }
  return present;
}

/**
 * Those blobs that can be copied, asked before the first byte moves. A layer that its licence keeps elsewhere may be missing: its manifest
 * says where it is. Any other one must be there; whoever asked looks again, since the image may be on its way out.
 */
async function heldAtSource(
  source: CopyDeps["source"],
  repository: string,
  blobs: readonly Descriptor[],
): Promise<Descriptor[]> {
  const held = await layersIn(blobs, (digests) => source.layersPresent(repository, digests));
  const lost = blobs.find((blob) => !held.has(blob.digest) && !isNondistributable(blob));
  if (lost !== undefined)
    throw transient("source-layer-missing", `'${repository}' does not hold the layer ${lost.digest}`);
  return blobs.filter(({ digest }) => held.has(digest));
}

/** `left`: there is not enough time. */
async function copyBlob(
  { source, remainingMs, progress }: CopyDeps,
  from: string,
  blob: Descriptor,
  { client, repository }: MirrorDestination,
  verify: boolean,
): Promise<"copied" | "left"> {
  const { digest, size } = blob;
  const isLate = (): boolean => size / SLOWEST_BYTES_PER_MS > remainingMs();
  if (isLate()) return "left";
  try {
    const open = async (start: number) => {
      // A broken upload begins the layer anew, and that may be too late.
      if (start === 0 && isLate()) throw transient(OUT_OF_TIME, `${digest} does not fit into the time that is left`);
      const opened = await source.client.openBlob(from, digest, { start, size });
      if (opened.size === undefined || opened.size === size) return opened.stream;
      opened.stream.destroy();
      throw permanent("blob-size-mismatch", `${digest} has ${opened.size} bytes, and its manifest says ${size}`);
    };
    const told = progress && ((bytes: number) => progress({ kind: "blob", digest, bytes }));
    await client.uploadBlob(repository, blob, open, { verify, progress: told });
    told?.(size);
    return "copied";
  } catch (error) {
    if (error instanceof AutopilotError && error.code === OUT_OF_TIME) return "left";
    throw error;
  }
}

const OUT_OF_TIME = "mirror-layer-late";

interface Writer {
  byDigest(manifest: RemoteManifest): Promise<void>;
  byTag(tag: string, manifest: RemoteManifest): Promise<void>;
  referrer(manifest: RemoteManifest, subject: string): Promise<void>;
}

/**
 * ECR's validator can lag a blob's 201, and an index's child; a registry can be busy for a moment: a manifest is sent again then, with a
 * bound, and the refusal raised.
 */
function writer(
  { client, repository }: MirrorDestination,
  { pause = createPause(), progress }: Pick<CopyDeps, "pause" | "progress">,
): Writer {
  async function patiently(step: CopyStep, write: () => Promise<void>): Promise<void> {
    for (let tried = 1; ; tried++) {
      try {
        await write();
        return progress?.(step);
      } catch (error) {
        const isLag = error instanceof AutopilotError && error.code === "registry-blob-unknown";
        if (!(isLag || isPassing(error)) || tried >= MANIFEST_TRIES) throw error;
      }
      await pause(backoffMs(tried));
    }
  }
  return {
    byDigest: (manifest) => patiently(put(manifest), () => client.putManifest(repository, manifest.digest, manifest)),
    byTag: (tag, manifest) => patiently({ kind: "tag", tag }, () => client.putManifest(repository, tag, manifest)),
    referrer: (manifest, subject) => patiently(put(manifest), () => client.putReferrer(repository, manifest, subject)),
  };
}

function put({ digest }: RemoteManifest): CopyStep {
  return { kind: "manifest", digest };
}

function totalSize(blobs: readonly Descriptor[]): number {
  return blobs.reduce((sum, { size }) => sum + size, 0);
}
