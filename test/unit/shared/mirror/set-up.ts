/** The mirror between two scripted registries, for the tests of this room. */
import type { MirrorDestination } from "#shared/mirror/destination.ts";
import { type MirrorDeps, type MirrorOutcome, mirrorImage } from "#shared/mirror/mirror-image.ts";
import type { Reference } from "#shared/mirror/source.ts";
import type { MirrorRule } from "#shared/policy/schema.ts";
import type { RegistryClient } from "#shared/registry/client.ts";
import { descriptorOf, indexOf, type Part, partOf, type TestImage, TYPE } from "../../../support/image-parts.ts";
import { type PlainSourceOptions, plainDestination, plainSource } from "../../../support/plain-registries.ts";
import type { ScriptedOptions, ScriptedRegistry } from "../../../support/scripted-registry.ts";
import { clientOf, startRegistry } from "../registry/set-up.ts";

export const SOURCE = "team/web";
export const DESTINATION = "alias/web";
export const NOW = new Date("2026-06-01T12:00:00Z");

/** A rule that publishes everything of `team/web` as `web`. */
export function ruleOf(more: Partial<MirrorRule> = {}): MirrorRule {
  return {
    source: SOURCE,
    destination: "web",
    tags: { include: ["*"], exclude: [] },
    immutable: [],
    verify: false,
    gates: {},
    retention: [],
    ...more,
  };
}

/** Layers are asked for beside the registry, as at ECR; the sizes of these questions go into `asked`. */
export function destinationOf(
  registry: ScriptedRegistry,
  {
    name = "web",
    asked = [],
    client = clientOf(registry),
  }: { name?: string; asked?: number[]; client?: RegistryClient },
): MirrorDestination {
  const repository = `alias/${name}`;
  return {
    ...plainDestination(client, repository),
    async layersPresent(digests) {
      asked.push(digests.length);
      return new Set(digests.filter((digest) => registry.repository(repository).blobs.has(digest)));
    },
  };
}

export interface SetUpOptions extends Omit<PlainSourceOptions, "listTags"> {
  readonly rules?: readonly MirrorRule[];
  readonly source?: ScriptedOptions;
  readonly remainingMs?: () => number;
}

export async function setUp({ rules = [ruleOf()], remainingMs = () => 600_000, ...options }: SetUpOptions = {}) {
  const source = await startRegistry({ manners: "ecr", ...options.source });
  const registry = await startRegistry({ manners: "ecr" });
  /** What was asked of the API of public repositories. */
  const calls: string[] = [];
  /** What each of them was created with. */
  const created = new Map<string, unknown>();
  const listTags = async (name: string): Promise<string[]> =>
    [...source.repository(name).manifests.keys()].filter((reference) => !reference.includes(":"));
  const deps: MirrorDeps = {
    region: "eu-west-1",
    policy: { mirror: [...rules] },
    source: plainSource(clientOf(source), { ...options, listTags }),
    async destination(name, { create }) {
      calls.push(`${create === false ? "describe" : "create"} ${name}`);
      if (create !== false) created.set(name, create);
      return created.has(name) ? destinationOf(registry, { name }) : undefined;
    },
    remainingMs,
    pause: async () => {},
    now: () => NOW,
  };
  return {
    source,
    registry,
    deps,
    calls,
    created,
    mirror: (reference: Reference = { tag: "v1" }) => mirrored(deps, reference),
    /** Text under a public tag or digest. */
    published: (reference = "v1") => registry.repository(DESTINATION).manifests.get(reference)?.bytes,
  };
}

/** Mirrors, and gives the outcomes in their order. */
export async function mirrored(deps: MirrorDeps, reference: Reference, repository = SOURCE): Promise<MirrorOutcome[]> {
  const outcomes: MirrorOutcome[] = [];
  await mirrorImage(deps, { repository, reference, orParents: false }, async (outcome) => void outcomes.push(outcome));
  return outcomes;
}

let made = 0;
/** An index of two platforms, unlike any other, that shares one layer with all. */
export function newIndex(): TestImage {
  made += 1;
  const shared = partOf("shared by all");
  return indexOf([imageWith(shared, partOf(`amd ${made}`)), imageWith(shared, partOf(`arm ${made}`))]);
}

function imageWith(...layers: readonly Part[]): TestImage {
  return artifact({ layers });
}

/** A manifest of an image or an artifact: with any members, layers and subject. */
export function artifact({
  layers = [],
  subject,
  config = partOf("{}", "application/vnd.oci.empty.v1+json"),
  ...more
}: { layers?: readonly Part[]; subject?: Part; config?: Part } & Record<string, unknown> = {}): TestImage {
  const text = {
    schemaVersion: 2,
    mediaType: TYPE.image,
    config: descriptorOf(config),
    layers: layers.map(descriptorOf),
    ...(subject !== undefined && { subject: descriptorOf(subject) }),
    ...more,
  };
  return { ...partOf(JSON.stringify(text), TYPE.image), blobs: [config, ...layers], children: [] };
}

/** An index that says of each image on which architecture of Linux it runs. */
export function platformIndex(...images: readonly (readonly [TestImage, string])[]): TestImage {
  const manifests = images.map(([image, architecture]) => ({
    ...descriptorOf(image),
    platform: { os: "linux", architecture },
  }));
  const text = JSON.stringify({ schemaVersion: 2, mediaType: TYPE.index, manifests });
  return { ...partOf(text, TYPE.index), blobs: [], children: images.map(([image]) => image) };
}

/** The source holds these, and lists them as referrers of a digest as registries without the API do. */
export function holdReferrers(registry: ScriptedRegistry, subject: Part, ...referrers: readonly TestImage[]): void {
  for (const referrer of referrers) registry.hold(SOURCE, referrer);
  registry.hold(SOURCE, indexOf(referrers), fallbackTag(subject));
}

export const fallbackTag = ({ digest }: { digest: string }): string => digest.replace(":", "-");

/** Tag of its signature, as cosign 1 and 2 name it. */
export const sigTag = (image: { digest: string }): string => `${fallbackTag(image)}.sig`;

/** Something about a subject. */
export const note = (subject: Part, text: string): TestImage =>
  artifact({ subject, layers: [partOf(text, "text/plain")], artifactType: "application/vnd.example.note" });

/** Digests that the destination lists as referrers of one. */
export async function referrersOf(registry: ScriptedRegistry, { digest }: { digest: string }): Promise<string[]> {
  return (await clientOf(registry).listReferrers(DESTINATION, digest)).map((one) => one.digest);
}

export const short = ({ digest }: { digest: string }): string => digest.slice(7, 13);
export const linesOf = (registry: ScriptedRegistry, part: string): string[] =>
  registry.lines().filter((line) => line.includes(part));
/** Requests that change something. */
export const writesTo = (registry: ScriptedRegistry): string[] =>
  registry.lines().filter((line) => !/^(GET|HEAD) /.test(line));
/** PUTs of manifests, by what they were put under. */
export const manifestsPut = (registry: ScriptedRegistry): string[] =>
  registry.lines().flatMap((line) => /^PUT .*\/manifests\/(.+)$/.exec(line)?.[1] ?? []);
