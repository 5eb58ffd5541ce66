import { transient } from "../errors.ts";
import { matchesGlob } from "../policy/glob.ts";
import type { MirrorSelection } from "../policy/mirror-rules.ts";
import type { MirrorRule } from "../policy/schema.ts";
import type { RemoteManifest } from "../registry/manifests.ts";
import { type Accessory, collectAccessories } from "./accessories.ts";
import { type CopyCounts, type CopyDeps, copyImage } from "./copy.ts";
import type { MirrorDestination } from "./destination.ts";
import { type GateName, passGates } from "./gates.ts";
import { type ImagePlan, planImage } from "./plan.ts";
import { onlyPlatforms } from "./platforms.ts";
import { quotaBreach } from "./quotas.ts";
import type { MirrorSource, SourceImage } from "./source.ts";
import { sourceTag } from "./source-tag.ts";

export interface PublishDeps extends Omit<CopyDeps, "source"> {
  readonly source: MirrorSource;
  /**
   * The public repository of this name: undefined while there is none, and, asked to `create`, always there. Created only once something
   * is to be written, with what the rule gives it.
   */
  readonly destination: (
    name: string,
    options: { readonly create: false | NonNullable<MirrorRule["repository"]> },
  ) => Promise<MirrorDestination | undefined>;
  readonly now: () => Date;
  /** Of the private registry. */
  readonly region: string;
}

export interface PublishRequest {
  readonly repository: string;
  readonly image: SourceImage;
  readonly rule: MirrorRule;
  readonly selection: MirrorSelection;
  /** Whether signatures and the like are looked for even where the image itself is public already: one of them has just come. */
  readonly accessories: boolean;
}

/** A public tag that the policy holds immutable, and that has another digest: never overwritten. */
export interface Conflict {
  readonly tag: string;
  /** Digest under the public tag, and the one that was pushed. */
  readonly published: string;
  readonly pushed: string;
}

interface Facts {
  readonly destination: string;
  readonly digest: string;
  readonly tags: readonly string[];
}

export type PublishOutcome = Facts &
  (
    | { readonly outcome: "unchanged" }
    | { readonly outcome: "blocked" | "refused"; readonly gate: GateName | "quota"; readonly reason: string }
    | { readonly outcome: "conflict"; readonly conflicts: readonly Conflict[] }
    /** `conflicts`: tags of the same digest that were left out. `left`: layers for another invocation; nothing is visible yet. */
    | ({ readonly outcome: "mirrored"; readonly manifests: number } & Passed & CopyCounts)
    | ({ readonly outcome: "continues"; readonly left: { readonly blobs: number; readonly bytes: number } } & Passed &
        CopyCounts)
  );

interface Passed {
  readonly gates: readonly GateName[];
  readonly conflicts: readonly Conflict[];
}

/**
 * Publishes one digest under the tags that one rule selects, in the order in which nothing is ever seen incomplete: decide (what is there,
 * conflicts, gates, quotas), blobs, children, root by digest, signatures and whatever else is about it, tags last.
 *
 * Whether a tag that must not move is there is asked at both ends: layers may have taken many minutes, and somebody else's copy may be done.
 *
 * Where the public tags have the digest already it makes no write, and two requests. Errors: AutopilotError, or the signal's reason.
 */
export async function publishImage(deps: PublishDeps, request: PublishRequest): Promise<PublishOutcome> {
  const { source } = deps;
  const { repository, image, rule, selection } = request;
  const there = await deps.destination(selection.destination, { create: false });
  const root =
    rule.platforms === undefined ? undefined : onlyPlatforms(await readRoot(source, request), rule.platforms);
  const digest = root?.digest ?? image.digest;
  const published = await there?.tagsOf(digest, selection.tags);
  const missing = selection.tags.filter((tag) => published?.includes(tag) !== true);
  const facts = { destination: selection.destination, digest, tags: selection.tags };
  if (missing.length === 0 && !request.accessories) return { outcome: "unchanged", ...facts };

  const conflicts = there === undefined ? [] : await conflictsOf(there, rule, missing, digest);
  const tags = withoutConflicts(missing, conflicts);
  // What is about an image that may not be published under any tag stays private with it.
  if (tags.length === 0 && missing.length > 0 && (published === undefined || !request.accessories)) {
    return { outcome: "conflict", conflicts, ...facts };
  }

  const plan = await planImage(source.client, repository, root ?? (await readRoot(source, request)));
  const digests = new Set([...plan.manifests.map((manifest) => manifest.digest), image.digest]);
  const accessories = await collectAccessories(source, repository, [...digests]);
  const verdict = await passGates(source, { repository, image, plan, accessories }, rule.gates, deps.now());
  if (verdict.outcome !== "passed") return { ...verdict, ...facts };
  const breach = await quotaBreach(there, { plan, accessories, tags, isThere: published !== undefined });
  if (breach !== undefined) return { outcome: "refused", gate: "quota", reason: breach, ...facts };

  const destination =
    there ?? (await deps.destination(selection.destination, { create: newRepository(deps.region, request) }));
  if (destination === undefined)
    throw transient("destination-missing", `'${selection.destination}' could not be created`);
  const travelling = aboutPublished(accessories, plan);
  const late: Conflict[] = [];
  const stillFree = async (): Promise<string[]> => {
    late.push(...(await conflictsOf(destination, rule, tags, digest)));
    return withoutConflicts(tags, late);
  };
  const copying = { plan, accessories: travelling, tags, stillFree, verify: rule.verify };
  const copied = await copyImage(deps, copying, destination);
  const passed = { gates: verdict.gates, conflicts: [...conflicts, ...late] };
  if (copied.outcome === "continues") return { ...copied, ...passed, ...facts };
  const written = withoutConflicts(tags, late);
  if (written.length === 0 && (copied.manifests === 0 || late.length > 0)) {
    const isConflict = passed.conflicts.length > 0;
    return isConflict
      ? { outcome: "conflict", conflicts: passed.conflicts, ...facts }
      : { outcome: "unchanged", ...facts };
  }
  return { ...copied, outcome: "mirrored", ...passed, ...facts, tags: written };
}

function newRepository(region: string, { repository, rule }: PublishRequest): NonNullable<MirrorRule["repository"]> {
  return { ...rule.repository, tags: { ...rule.repository?.tags, ...sourceTag(region, repository) } };
}

async function readRoot({ client }: MirrorSource, { repository, image }: PublishRequest): Promise<RemoteManifest> {
  const root = await client.getManifest(repository, image.digest);
  if (root !== undefined) return root;
  // It was described a moment ago: whoever asked looks again, and sees that it is gone or has moved.
  throw transient("source-image-gone", `'${repository}' does not hold ${image.digest} any more`);
}

async function conflictsOf(
  there: MirrorDestination,
  { immutable }: MirrorRule,
  missing: readonly string[],
  pushed: string,
): Promise<Conflict[]> {
  const fixed = missing.filter((tag) => immutable.some((pattern) => matchesGlob(pattern, tag)));
  if (fixed.length === 0) return [];
  const present = await there.digestsOf(fixed);
  return [...present].flatMap(([tag, published]) => (published === pushed ? [] : [{ tag, published, pushed }]));
}

function withoutConflicts(tags: readonly string[], conflicts: readonly Conflict[]): string[] {
  return tags.filter((tag) => !conflicts.some((conflict) => conflict.tag === tag));
}

/** Without what is about an index that is published with fewer platforms, and so under another digest. */
function aboutPublished(accessories: readonly Accessory[], plan: ImagePlan): Accessory[] {
  const published = new Set(plan.manifests.map(({ digest }) => digest));
  return accessories.filter(({ subject, root }) => {
    const travels = published.has(subject);
    if (travels) published.add(root.digest);
    return travels;
  });
}
