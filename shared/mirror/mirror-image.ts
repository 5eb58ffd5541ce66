import { transient } from "../errors.ts";
import type { RegistryClient } from "../registry/client.ts";
import { type CopyDeps, type CopyResult, copyImage, putManifest } from "./copy.ts";
import { planImage } from "./plan.ts";

export interface MirrorDeps extends Omit<CopyDeps, "destination" | "layersPresent"> {
  readonly source: RegistryClient;
  /**
   * The destination by name: undefined while the public repository does not exist, and, asked to `create`, always there. Created only once
   * something has to be written.
   */
  readonly destination: (name: string, options: { create: boolean }) => Promise<MirrorDestination | undefined>;
}

export interface MirrorDestination {
  readonly client: RegistryClient;
  /** Name at the registry's host, with the alias. */
  readonly repository: string;
  readonly layersPresent: CopyDeps["layersPresent"];
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
  | ({ readonly outcome: "mirrored"; readonly digest: string; readonly manifests: number } & CopyResult);

/** Moves of the source tag that are followed within one invocation. */
const ROUNDS = 3;

/**
 * Makes the public tag what the private tag is now: not what an event said, which may be old. Order: decide, blobs, children,
 * root by digest, tag last; then the source tag is read once more, and followed if it moved meanwhile.
 *
 * Errors: AutopilotError; transient `source-tag-moving` when the tag moved in every round.
 */
export async function mirrorImage(deps: MirrorDeps, request: MirrorRequest): Promise<MirrorOutcome> {
  const { source } = deps;
  const { repository, tag } = request;
  let result: MirrorOutcome | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const root = await source.manifest(repository, tag);
    if (root === undefined) return result ?? { outcome: "gone" };
    const there = await deps.destination(request.destination, { create: false });
    if ((await there?.client.manifestDigest(there.repository, tag)) === root.digest) {
      return result ?? { outcome: "unchanged", digest: root.digest };
    }
    const plan = await planImage(source, repository, root);
    const destination = there ?? (await deps.destination(request.destination, { create: true }));
    if (destination === undefined)
      throw transient("destination-missing", `'${request.destination}' could not be created`);
    const { client, layersPresent } = destination;
    const copied = await copyImage(
      { ...deps, destination: client, layersPresent },
      plan,
      repository,
      destination.repository,
    );
    const last = plan.manifests.at(-1);
    if (last !== undefined) await putManifest(client, destination.repository, tag, last);
    result = { outcome: "mirrored", digest: root.digest, manifests: plan.manifests.length, ...copied };
    if ((await source.manifestDigest(repository, tag)) === root.digest) return result;
  }
  throw transient("source-tag-moving", `'${repository}:${tag}' moved ${ROUNDS} times while it was copied`);
}
