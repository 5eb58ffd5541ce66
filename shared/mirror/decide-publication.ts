import { transient } from "../errors.ts";
import { matchesGlob } from "../policy/glob.ts";
import type { MirrorSelection } from "../policy/mirror-rules.ts";
import type { MirrorRule } from "../policy/schema.ts";
import type { RemoteManifest } from "../registry/manifests.ts";
import { type Accessory, collectAccessories } from "./accessories.ts";
import type { MirrorDestination } from "./destination.ts";
import { type GateName, type GateVerdict, passGates } from "./gates.ts";
import { type ImagePlan, planImage } from "./plan.ts";
import { onlyPlatforms } from "./platforms.ts";
import { quotaBreach } from "./quotas.ts";
import type { MirrorSource, SourceImage } from "./source.ts";

export interface DecideDeps {
  readonly source: MirrorSource;
  readonly now: () => Date;
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

export interface PublicationDecision {
  /** What is to be public: another digest than the image's where the rule takes only some platforms. */
  readonly digest: string;
  /** Whether that is there, under whatever tag. */
  readonly isThere: boolean;
  /** Those of the selected tags that are public with another digest, and must stay it. */
  readonly conflicts: readonly Conflict[];
  /** Those that lack the digest, and may be written. */
  readonly tags: readonly string[];
  readonly verdict: Verdict;
}

type Verdict =
  | { readonly outcome: "unchanged" }
  | { readonly outcome: "conflict" }
  | Exclude<GateVerdict, { outcome: "passed" }>
  | { readonly outcome: "refused"; readonly gate: "quota"; readonly reason: string }
  | {
      readonly outcome: "passed";
      readonly gates: readonly GateName[];
      readonly plan: ImagePlan;
      readonly accessories: readonly Accessory[];
    };

/**
 * What is to be done for one digest under the tags that one rule selects, before a byte moves: what is there, conflicts, gates, quotas; the
 * cheapest look first. Writes nothing. Errors: AutopilotError; transient `source-image-gone`.
 */
export async function decidePublication(
  { source, now }: DecideDeps,
  request: PublishRequest,
  there: MirrorDestination | undefined,
): Promise<PublicationDecision> {
  const { repository, image, rule, selection } = request;
  const root =
    rule.platforms === undefined ? undefined : onlyPlatforms(await readRoot(source, request), rule.platforms);
  const digest = root?.digest ?? image.digest;
  const published = await there?.tagsOf(digest, selection.tags);
  const isThere = published !== undefined;
  const missing = selection.tags.filter((tag) => published?.includes(tag) !== true);
  let conflicts: readonly Conflict[] = [];
  let tags: readonly string[] = [];
  const decide = (verdict: Verdict): PublicationDecision => ({ digest, isThere, conflicts, tags, verdict });
  if (missing.length === 0 && !request.accessories) return decide({ outcome: "unchanged" });

  if (there !== undefined) conflicts = await conflictsOf(there, rule, missing, digest);
  tags = withoutConflicts(missing, conflicts);
  // What is about an image that may not be published under any tag stays private with it.
  if (tags.length === 0 && missing.length > 0 && (!isThere || !request.accessories)) {
    return decide({ outcome: "conflict" });
  }

  const plan = await planImage(source.client, repository, root ?? (await readRoot(source, request)));
  const digests = new Set([...plan.manifests.map((manifest) => manifest.digest), image.digest]);
  const accessories = await collectAccessories(source, repository, [...digests]);
  const verdict = await passGates(source, { repository, image, plan, accessories }, rule.gates, now());
  if (verdict.outcome !== "passed") return decide(verdict);
  const breach = await quotaBreach(there, { plan, accessories, tags, isThere });
  if (breach !== undefined) return decide({ outcome: "refused", gate: "quota", reason: breach });
  return decide({ ...verdict, plan, accessories });
}

async function readRoot({ client }: MirrorSource, { repository, image }: PublishRequest): Promise<RemoteManifest> {
  const root = await client.getManifest(repository, image.digest);
  if (root !== undefined) return root;
  // It was described a moment ago: whoever asked looks again, and sees that it is gone or has moved.
  throw transient("source-image-gone", `'${repository}' does not hold ${image.digest} any more`);
}

/** Those of these tags that the rule holds immutable and that are another image. Errors: AutopilotError. */
export async function conflictsOf(
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

export function withoutConflicts(tags: readonly string[], conflicts: readonly Conflict[]): string[] {
  return tags.filter((tag) => !conflicts.some((conflict) => conflict.tag === tag));
}
