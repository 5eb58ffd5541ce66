import { AutopilotError, transient } from "../errors.ts";
import type { RemoteManifest } from "../registry/manifests.ts";
import { type CopyCounts, type CopyDeps, type CopyDestination, copyImage } from "./copy.ts";
import { planImage } from "./plan.ts";

export interface MirrorDeps extends CopyDeps {
  /**
   * The destination by name: undefined while the public repository does not exist, and, asked to `create`, always there. Created only once
   * something has to be written.
   */
  readonly destination: (name: string, options: { create: boolean }) => Promise<CopyDestination | undefined>;
}

export interface MirrorRequest {
  readonly repository: string;
  readonly tag: string;
  /** Name of the public repository, without the alias. */
  readonly destination: string;
}

export type MirrorOutcome =
  /** The source tag is not there (any more): a normal outcome. */
  | { readonly outcome: "gone" }
  /** The public tag has this digest already: nothing was written. */
  | { readonly outcome: "unchanged"; readonly digest: string }
  /** The counts are those of all rounds; `digest` and `manifests` of the last. */
  | ({ readonly outcome: "mirrored"; readonly digest: string; readonly manifests: number } & CopyCounts);

type Mirrored = Extract<MirrorOutcome, { outcome: "mirrored" }>;

/** Moves of the source tag that are followed within one invocation. */
const ROUNDS = 3;

/**
 * Makes the public tag what the private tag is now: not what an event said, which may be old. Order: decide, blobs, children,
 * root by digest, tag last; then the source tag is read once more, and followed if it moved meanwhile. So an old event after a newer one,
 * and two invocations at once, end in the newest digest. Another digest under the public tag is moved.
 *
 * With nothing to do it makes three requests: source tag, destination, destination tag.
 *
 * Errors: AutopilotError; transient `mirror-continues` when layers are left for the next invocation (a failure, so that the queue brings
 * the message again), transient `source-tag-moving` when the tag moved in every round.
 */
export async function mirrorImage(deps: MirrorDeps, request: MirrorRequest): Promise<MirrorOutcome> {
  const { source } = deps;
  const { repository, tag } = request;
  let result: Mirrored | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const root = await source.getManifest(repository, tag);
    if (root === undefined) return result ?? { outcome: "gone" };
    const there = await deps.destination(request.destination, { create: false });
    if ((await there?.client.headManifest(there.repository, tag))?.digest === root.digest) {
      return result ?? { outcome: "unchanged", digest: root.digest };
    }
    try {
      const copied = await copyRoot(deps, request, root, there);
      result = { ...copied, ...sumOf(copied, result) };
    } catch (error) {
      // What the source lacks may have been deleted because the tag moved on, or is gone itself.
      if (!isMissingAtSource(error) || (await source.headManifest(repository, tag))?.digest === root.digest)
        throw error;
      continue;
    }
    if ((await source.headManifest(repository, tag))?.digest === root.digest) return result;
  }
  throw transient("source-tag-moving", `'${repository}:${tag}' moved ${ROUNDS} times while it was copied`);
}

async function copyRoot(
  deps: MirrorDeps,
  request: MirrorRequest,
  root: RemoteManifest,
  there: CopyDestination | undefined,
): Promise<Mirrored> {
  const plan = await planImage(deps.source, request.repository, root);
  const destination = there ?? (await deps.destination(request.destination, { create: true }));
  if (destination === undefined)
    throw transient("destination-missing", `'${request.destination}' could not be created`);
  const copied = await copyImage(deps, plan, destination, [request.tag]);
  if (copied.outcome === "copied") return { ...copied, outcome: "mirrored", digest: root.digest };
  const { left, blobs, bytes } = copied;
  throw transient(
    "mirror-continues",
    `${left.blobs} layers (${left.bytes} bytes) of ${root.digest} are left for the next time; ${blobs} (${bytes} bytes) were copied`,
  );
}

function isMissingAtSource(error: unknown): boolean {
  return error instanceof AutopilotError && ["child-missing", "registry-blob-not-found"].includes(error.code);
}

function sumOf(one: CopyCounts, other: CopyCounts | undefined): CopyCounts {
  return {
    blobs: one.blobs + (other?.blobs ?? 0),
    bytes: one.bytes + (other?.bytes ?? 0),
    skippedBlobs: one.skippedBlobs + (other?.skippedBlobs ?? 0),
    skippedBytes: one.skippedBytes + (other?.skippedBytes ?? 0),
  };
}
