/** Pairs of real registries, and the engine between them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { MirrorDeps } from "#shared/mirror/mirror-image.ts";
import type { MirrorRule } from "#shared/policy/schema.ts";
import { createRegistryClient, type RegistryClient } from "#shared/registry/client.ts";
import { createSend, type Send } from "#shared/registry/http.ts";
import { listTags, plainDestination, plainSource } from "../support/plain-registries.ts";
import { alias, newRepository, startRegistry } from "../unit/local/registry/start-registry.ts";
import type { DockerRegistry } from "./docker-registry.ts";
import type { Target } from "./push.ts";

export interface Side {
  readonly url: string;
  /** In front of every repository's name. */
  readonly prefix: string;
  readonly authorization?: string;
  /** What skopeo logs in with. */
  readonly credentials?: string;
}

export interface Pair {
  readonly source: Side;
  readonly destination: Side;
  /** Whether the source lists referrers by itself. */
  readonly listsReferrers: boolean;
  /** Makes a repository at the source, where pushes do not. */
  readonly makeSource: (repository: string) => Promise<unknown>;
  /** Makes a repository at the destination if it is asked to; whether it is there then. */
  readonly hasDestination: (repository: string, options: { readonly create: boolean }) => Promise<boolean>;
  /** Whether a tag is in the destination's own storage at this very moment. */
  readonly isTagged: (repository: string, tag: string) => boolean;
}

export function dockerPair(source: DockerRegistry, destination: DockerRegistry): Pair {
  const repositories = join(destination.root, "docker", "registry", "v2", "repositories");
  return {
    source: { url: source.url, prefix: "" },
    destination: { url: destination.url, prefix: "" },
    listsReferrers: false,
    makeSource: async () => undefined,
    hasDestination: async () => true,
    isTagged: (repository, tag) =>
      existsSync(join(repositories, repository, "_manifests", "tags", tag, "current", "link")),
  };
}

/** The two hosts of the local account; they end with the test. */
export async function accountPair(): Promise<Pair> {
  const { store, urls, authorization, token } = await startRegistry();
  return {
    source: {
      url: urls.private,
      prefix: "",
      authorization: authorization("private"),
      credentials: Buffer.from(token("private"), "base64").toString(),
    },
    // Anybody may pull.
    destination: { url: urls.public, prefix: `${alias}/`, authorization: authorization("public") },
    listsReferrers: true,
    makeSource: (repository) => store.private.createRepository(newRepository(repository)),
    async hasDestination(repository, { create }) {
      if (create) await store.public.createRepository(newRepository(repository));
      return store.public.repository(repository) !== undefined;
    },
    isTagged: (repository, tag) =>
      store.public.repository(repository) !== undefined && store.public.manifest(repository, tag) !== undefined,
  };
}

export function targetOf({ url, prefix, authorization }: Side, repository: string): Target {
  return { registry: url, repository: prefix + repository, authorization };
}

export interface EngineOptions {
  /** For both registries, in place of one of its own. */
  readonly send?: Send;
  readonly signal?: AbortSignal;
  /** False: an image has only the tag that was asked for, and no request tells more. */
  readonly listsTags?: boolean;
}

/** The engine between the two, for the rules of a policy; it does not wait between two tries. */
export function engine(
  pair: Pair,
  mirror: readonly MirrorRule[],
  { send = createSend(), signal, listsTags = true }: EngineOptions = {},
): MirrorDeps {
  const clientOf = ({ url, authorization }: Side): RegistryClient =>
    createRegistryClient({
      baseUrl: url,
      send,
      authorization: async () => authorization,
      pause: async () => {},
      ...(signal !== undefined && { signal }),
    });
  const { source, destination } = pair;
  return {
    policy: { mirror: [...mirror] },
    region: "eu-west-1",
    source: plainSource(clientOf(source), {
      ...(listsTags && { listTags: (repository) => listTags(source.url, repository, source.authorization) }),
    }),
    async destination(name, { create }) {
      if (!(await pair.hasDestination(name, { create: create !== false }))) return undefined;
      return plainDestination(clientOf(destination), destination.prefix + name);
    },
    remainingMs: () => 600_000,
    now: () => new Date(),
    pause: async () => {},
  };
}
