import { transient } from "../errors.ts";
import type { MirrorRule } from "../policy/schema.ts";
import type { Accessory } from "./accessories.ts";
import { type CopyCounts, type CopyDeps, copyImage } from "./copy.ts";
import {
  type Conflict,
  conflictsOf,
  decidePublication,
  type PublishRequest,
  withoutConflicts,
} from "./decide-publication.ts";
import type { MirrorDestination } from "./destination.ts";
import type { GateName } from "./gates.ts";
import type { ImagePlan } from "./plan.ts";
import type { MirrorSource } from "./source.ts";
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
  const { rule, selection } = request;
  const there = await deps.destination(selection.destination, { create: false });
  const { digest, conflicts, tags, verdict } = await decidePublication(deps, request, there);
  const facts = { destination: selection.destination, digest, tags: selection.tags };
  if (verdict.outcome === "conflict") return { outcome: "conflict", conflicts, ...facts };
  if (verdict.outcome !== "passed") return { ...verdict, ...facts };

  const destination =
    there ?? (await deps.destination(selection.destination, { create: newRepository(deps.region, request) }));
  if (destination === undefined)
    throw transient("destination-missing", `'${selection.destination}' could not be created`);
  const { plan, gates } = verdict;
  const travelling = aboutPublished(verdict.accessories, plan);
  const late: Conflict[] = [];
  const stillFree = async (): Promise<string[]> => {
    late.push(...(await conflictsOf(destination, rule, tags, digest)));
    return withoutConflicts(tags, late);
  };
  const copying = { plan, accessories: travelling, tags, stillFree, verify: rule.verify };
  const copied = await copyImage(deps, copying, destination);
  const passed = { gates, conflicts: [...conflicts, ...late] };
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

/** Without what is about an index that is published with fewer platforms, and so under another digest. */
function aboutPublished(accessories: readonly Accessory[], plan: ImagePlan): Accessory[] {
  const published = new Set(plan.manifests.map(({ digest }) => digest));
  return accessories.filter(({ subject, root }) => {
    const travels = published.has(subject);
    if (travels) published.add(root.digest);
    return travels;
  });
}
