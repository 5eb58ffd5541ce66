/** A local account's API on a port of its own, with images put past it, and sweeps of the mirrors over them. */
import { ECRClient } from "@aws-sdk/client-ecr";
import { type ECRPUBLICClient, ListTagsForResourceCommand, TagResourceCommand } from "@aws-sdk/client-ecr-public";
import type { Reference } from "#shared/mirror/source.ts";
import type { MirrorsPosition } from "#shared/mirror/sweep-mirrors.ts";
import { type MirrorsSweepDeps, sweepMirrors } from "#shared/mirror/sweep-mirrors.ts";
import { createLimiter } from "#shared/pacing/limiter.ts";
import type { MirrorRule } from "#shared/policy/schema.ts";
import type { RegistryClient } from "#shared/registry/client.ts";
import type { Side } from "../../../../local/store/store.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";
import { digestOf, ociIndex } from "../../local/ecr/image-content.ts";
import { startRegistries } from "../../local/ecr/registry-apis.ts";

export interface NewImage {
  readonly tag?: string;
  /** Digests. */
  readonly children?: readonly string[];
  readonly subject?: string;
}

export interface MirrorsCall {
  readonly operation: string;
  readonly repository: string | undefined;
}

/** Started for one test. `before` is told of each call, and may raise an error or change the store. */
export async function startMirrors(mirror: readonly MirrorRule[], before: (call: MirrorsCall) => unknown = () => {}) {
  const { store, ecr, ecrPublic } = await startRegistries();
  const { observer, decisions } = recordingObserver();
  const calls: MirrorsCall[] = [];
  const requests: { repository: string; reference: Reference }[] = [];
  for (const client of [ecr, ecrPublic]) watch(client, calls, before);

  const registry: Pick<RegistryClient, "getManifest" | "listReferrers"> = {
    async getManifest(repository, digest) {
      const found = store.public.manifest(repository.replace("alias/", ""), digest);
      return found && { digest, mediaType: found.image.mediaType, bytes: found.bytes };
    },
    listReferrers: async (repository, digest) => store.public.referrers(repository.replace("alias/", ""), digest),
  };
  const deps: Omit<MirrorsSweepDeps, "remainingMs"> = {
    ...{ ecr, publicEcr: ecrPublic, observer, policy: { mirror: [...mirror] } },
    region: "eu-west-1",
    registryOf: () => registry as RegistryClient,
    pulls: createLimiter({ perSecond: 1e6 }),
    now: () => new Date(),
    request: async (repository, reference) => void requests.push({ repository, reference }),
  };
  let made = 0;

  return {
    ...{ deps, store, decisions, requests, calls },
    /** Names of the decisions, with what they are about. */
    told: () => decisions.map(({ decision, repository }) => `${decision} ${repository}`),
    /** Operations that change something. */
    writes: () =>
      calls.map(({ operation }) => operation).filter((name) => /^(Batch(?!Get)|Tag|Untag|Put|Create)/.test(name)),
    sweep: (
      mode: "apply" | "plan" = "apply",
      {
        remainingMs = () => 600_000,
        ...request
      }: { position?: MirrorsPosition; repository?: string; remainingMs?: () => number } = {},
    ) => sweepMirrors({ ...deps, remainingMs }, { mode, ...request }),
    create: (side: Side, name: string, tags: Readonly<Record<string, string>> = {}) =>
      store[side].createRepository({
        ...{ name, createdAt: new Date() },
        tagRule: { tags: "mutable", except: [] },
        settings: { tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
      }),
    /** An index of these children, unlike any other. `both`: publicly under the name with a - for the /. Gives its digest. */
    async put(
      side: Side | "both",
      repository: string,
      { tag, children = [], subject }: NewImage = {},
    ): Promise<string> {
      made += 1;
      const descriptor = (digest: string) => ({ mediaType: ociIndex, digest, size: 1 });
      const text = {
        ...{ schemaVersion: 2, mediaType: ociIndex, annotations: { made: String(made) } },
        manifests: children.map(descriptor),
        ...(subject && { subject: descriptor(subject) }),
      };
      const bytes = Buffer.from(JSON.stringify(text));
      const request = { bytes, mediaType: ociIndex, tag, digest: undefined };
      const sides = side === "both" ? (["private", "public"] as const) : [side];
      for (const one of sides) {
        const name = side === "both" && one === "public" ? repository.replace("/", "-") : repository;
        await store[one].putManifest({ ...request, repository: name });
      }
      return digestOf(bytes);
    },
    published: (name: string) =>
      store.public.images(name, { limit: 1_000 }).flatMap(({ tags }) => (tags.length > 0 ? tags : [""])),
    resourceTags: async (name: string) => {
      const resourceArn = `arn:aws:ecr-public::123456789012:repository/${name}`;
      const { tags = [] } = await ecrPublic.send(new ListTagsForResourceCommand({ resourceArn }));
      return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
    },
    tag: (name: string, tags: Readonly<Record<string, string>>) =>
      ecrPublic.send(
        new TagResourceCommand({
          resourceArn: `arn:aws:ecr-public::123456789012:repository/${name}`,
          tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      ),
  };
}

export function awsError(name: string): Error {
  return Object.assign(new Error("told by the test"), { name });
}

function watch(
  client: ECRClient | ECRPUBLICClient,
  calls: MirrorsCall[],
  before: (call: MirrorsCall) => unknown,
): void {
  const service = client instanceof ECRClient ? "" : "public ";
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const { repositoryName, resourceArn } = args.input as { repositoryName?: string; resourceArn?: string };
        const operation = `${commandName.replace(/Command$/, "")}`;
        const repository = repositoryName ?? resourceArn?.split("repository/")[1];
        calls.push({ operation, repository });
        await before({ operation: `${service}${operation}`, repository });
        return next(args);
      },
    { step: "initialize" },
  );
}
