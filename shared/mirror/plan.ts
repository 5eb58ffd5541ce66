import { permanent } from "../errors.ts";
import { inParallel } from "../pacing/in-parallel.ts";
import type { RegistryClient } from "../registry/client.ts";
import { type Descriptor, type Manifest, parseManifest } from "../registry/manifest.ts";
import type { RemoteManifest } from "../registry/manifests.ts";
import { naming } from "../registry/naming.ts";
import { isRunnable } from "./platforms.ts";

/** Everything that one image is made of, in the order in which it may become visible. */
export interface ImagePlan {
  /** Where the image is read from. */
  readonly repository: string;
  readonly digest: string;
  /** Children before whatever names them, in the order of the index; the root is the last. */
  readonly manifests: readonly RemoteManifest[];
  /** Configs and layers, each once. */
  readonly blobs: readonly Descriptor[];
  /** Digests of what runs: all images in it but attestations. These are what a scan looks at. */
  readonly runnable: readonly string[];
}

/** An index may name indexes; deeper than this it is a mistake or an attack. */
const DEEPEST = 4;

/** All manifests of a plan are held at once: a bound of ours, in bytes, that no real image comes near. */
const LARGEST_TREE = 32 * 1024 * 1024;

const READ_AT_ONCE = 4;

interface Node {
  readonly remote: RemoteManifest;
  readonly parsed: Manifest;
}

/**
 * Reads the whole tree of manifests under `root`, by digest, so that what is planned is what is copied: a tag that moves meanwhile
 * changes nothing. Decides, before the first byte moves, whatever manifests alone can tell. Errors, all permanent:
 *
 * - `child-missing`: an index names a manifest that the repository does not hold
 * - `manifest-invalid`: one does not parse, or they are nested too deep; `registry-answer-too-long`: one has more than 4 MiB, which is
 *   all that ECR takes (API model, imageManifest); `image-too-large`: all of them together are more than can be held
 * - `digest-mismatch`: a text is not what its digest says
 */
export async function planImage(source: RegistryClient, repository: string, root: RemoteManifest): Promise<ImagePlan> {
  const nodes = await readTree(source, repository, root);
  const manifests = new Map<string, RemoteManifest>();
  const blobs = new Map<string, Descriptor>();
  const runnable = new Set<string>();

  function order(digest: string, runs: boolean): void {
    const node = nodes.get(digest);
    if (node === undefined || manifests.has(digest)) return;
    const { remote, parsed } = node;
    if (parsed.kind === "index") {
      for (const child of parsed.children) order(child.digest, runs && isRunnable(child.platform));
    } else {
      for (const blob of parsed.blobs) blobs.set(blob.digest, blob);
      if (runs || !isAttestation(parsed)) runnable.add(digest);
    }
    manifests.set(digest, { ...remote, mediaType: parsed.mediaType });
  }

  order(root.digest, true);
  const { digest } = root;
  return {
    repository,
    digest,
    manifests: [...manifests.values()],
    blobs: [...blobs.values()],
    runnable: [...runnable],
  };
}

/** Level by level: who a child's parents are does not matter here. A tree by digest has no cycles. */
async function readTree(
  source: RegistryClient,
  repository: string,
  root: RemoteManifest,
): Promise<ReadonlyMap<string, Node>> {
  const nodes = new Map<string, Node>();
  let bytes = 0;

  function add(remote: RemoteManifest): void {
    bytes += remote.bytes.length;
    if (bytes > LARGEST_TREE) {
      throw permanent("image-too-large", `the manifests under ${root.digest} have more than ${LARGEST_TREE} bytes`);
    }
    nodes.set(remote.digest, { remote, parsed: parse(remote) });
  }

  add(root);
  let level = [root.digest];
  for (let depth = 1; ; depth++) {
    const parents = level;
    // Digest of each child that is not read yet -> digest of an index that names it.
    const missing = new Map(
      parents.flatMap((parent) => childrenOf(nodes, parent).map((digest) => [digest, parent] as const)),
    );
    for (const digest of nodes.keys()) missing.delete(digest);
    if (missing.size === 0) return nodes;
    if (depth > DEEPEST) {
      throw permanent("manifest-invalid", `the index ${root.digest} is nested more than ${DEEPEST} deep`);
    }
    await inParallel([...missing], READ_AT_ONCE, async ([digest, parent]) => {
      const child = await source.getManifest(repository, digest);
      if (child !== undefined) return add(child);
      throw permanent("child-missing", `the index ${parent} names ${digest}, which '${repository}' does not hold`);
    });
    level = [...missing.keys()];
  }
}

/** Layers of BuildKit's attestations: https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
const IN_TOTO = "application/vnd.in-toto+json";

/** Whether nothing in it can run: an index may call any image `unknown`, and that must not spare it a scan. */
function isAttestation({ blobs: [_config, ...layers] }: Extract<Manifest, { kind: "image" }>): boolean {
  return layers.every(({ mediaType }) => mediaType === IN_TOTO);
}

function childrenOf(nodes: ReadonlyMap<string, Node>, digest: string): string[] {
  const parsed = nodes.get(digest)?.parsed;
  return parsed?.kind === "index" ? parsed.children.map((child) => child.digest) : [];
}

/** A refusal names the manifest: an index has many. */
function parse({ digest, bytes, mediaType }: RemoteManifest): Manifest {
  try {
    return parseManifest(bytes, mediaType);
  } catch (error) {
    throw naming(digest, error);
  }
}
