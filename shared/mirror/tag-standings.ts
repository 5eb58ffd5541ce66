import { isCompanionTag } from "../policy/companion-tag.ts";
import { matchesGlob } from "../policy/glob.ts";
import { tagRefusals } from "../policy/mirror-tags.ts";
import { checkRepositoryName } from "../policy/repository-name.ts";
import type { MirrorRule, Policy } from "../policy/schema.ts";
import { backFill } from "./back-fill.ts";
import type { BothSides } from "./both-sides.ts";
import { keptBy, type NumberedRule, namedDestinations } from "./destinations-of.ts";
import type { LeavingOut, MirrorState, TagPlace, TagStanding } from "./mirror-state.ts";
import { selectImages } from "./select-images.ts";
import type { SourceImage } from "./source.ts";

/** A tag that a rule selects for a destination, and that is not public as the rule wants it, so far as a look at digests tells. */
export interface OpenTag {
  readonly place: TagPlace & { readonly tag: string; readonly destination: string };
  readonly image: SourceImage;
  readonly rule: MirrorRule;
  readonly index: number;
}

/** What is known of one tag at one destination without reading a manifest. */
export type Standing = MirrorState | OpenTag;

const FILTERS = ["include", "pattern", "semver", "exclude"] as const;

/**
 * Tells of each tag of a private repository where it stands at each destination, as far as digests and the policy decide it: one entry for
 * each destination, or one without where no rule names the repository. Pure.
 */
export function tagStandings(
  policy: Pick<Policy, "mirror">,
  repository: string,
  { images, published }: Pick<BothSides, "images" | "published">,
  now: Date,
): (tag: string | undefined, image: SourceImage | undefined) => readonly Standing[] {
  const destinations = namedDestinations(policy, repository);
  const own = images.filter(({ archived, subject }) => !archived && subject === undefined);
  const { selected } = selectImages(policy, { repository, images: own.map(withPushTime) });
  const ruleOf = new Map<string, number>();
  for (const { selection } of selected) {
    for (const tag of selection.tags) ruleOf.set(`${selection.destination} ${tag}`, selection.rule);
  }
  const keptAt = new Map(
    [...destinations].map(([name, rules]) => {
      const there = published.get(name);
      const side = selected.filter(({ selection }) => selection.destination === name);
      const filled = backFill({ policy, side: { about: [] }, selected: side, there, keeping: keptBy(rules), now });
      return [name, new Set(filled.missing.flatMap(({ tags }) => tags))] as const;
    }),
  );

  function standing(
    name: string,
    rules: readonly NumberedRule[],
    tag: string | undefined,
    image: SourceImage | undefined,
  ): Standing | undefined {
    const side = published.get(name);
    const there = tag === undefined ? undefined : side?.tags.get(tag)?.digest;
    const place: TagPlace = {
      ...(tag !== undefined && { tag }),
      ...(image !== undefined && { digest: image.digest }),
      destination: name,
      ...(side !== undefined && tag !== undefined && { uri: `${side.repository.uri}:${tag}` }),
      ...(there !== undefined && { published: there }),
    };
    if (image === undefined) {
      const reason = `${repository} has no such tag`;
      return there === undefined ? undefined : { ...place, state: "only-public", reason };
    }
    if (image.archived) return { ...place, ...archived(image) };
    const index = tag === undefined ? undefined : ruleOf.get(`${name} ${tag}`);
    const rule = index === undefined ? undefined : policy.mirror[index];
    if (tag === undefined || index === undefined || rule === undefined) {
      return { ...place, ...notSelected(name, rules, tag, image) };
    }

    const chosen = { ...place, tag, destination: name, rule: index, source: rule.source };
    // With some platforms only the public digest may be another one, which must be worked out.
    const isSure = there === undefined || rule.platforms === undefined;
    if (isSure && there === image.digest) return { ...chosen, state: "mirrored" };
    if (isSure && there !== undefined && isImmutable(rule, tag)) return { ...chosen, ...conflict(there, image.digest) };
    if (isSure && keptAt.get(name)?.has(tag) !== true) {
      const reason = `the retention of ${name} would not keep it`;
      return { ...chosen, ...leftOut([{ rule: index, source: rule.source, filter: "retention", reason }], tag) };
    }
    return { place: chosen, image, rule, index };
  }

  return (tag, image) => {
    const standings = [...destinations].flatMap(([name, rules]) => standing(name, rules, tag, image) ?? []);
    if (destinations.size > 0 || image === undefined) return standings;
    const reason = `no mirror rule names the repository ${repository}`;
    const place = { ...(tag !== undefined && { tag }), digest: image.digest };
    return [{ ...place, state: "not-selected", rules: [], reason }];
  };
}

function withPushTime({ digest, tags, pushedAt }: SourceImage) {
  return { digest, tags, pushedAt };
}

function isImmutable({ immutable }: MirrorRule, tag: string): boolean {
  return immutable.some((pattern) => matchesGlob(pattern, tag));
}

export function conflict(published: string, pushed: string): TagStanding & { readonly state: "conflict" } {
  const reason = `the public tag is ${published}, and must stay it: ${pushed} was pushed`;
  return { state: "conflict", pushed, reason };
}

function archived({ digest }: SourceImage): TagStanding {
  return { state: "archived", reason: `${digest} is in the archive, and cannot be pulled` };
}

/** Of a tag that no rule selects for this destination, or whose destination cannot be. */
function notSelected(
  name: string,
  rules: readonly NumberedRule[],
  tag: string | undefined,
  { subject }: SourceImage,
): TagStanding {
  const leaving: LeavingOut[] = [];
  for (const { index, rule } of rules) {
    const why = subject === undefined ? whyNot(rule, tag) : BELONGS;
    if (why === undefined) {
      const broken = checkRepositoryName(name, "public");
      if (broken !== undefined) return { state: "refused", gate: "name", reason: broken };
    }
    leaving.push({ rule: index, source: rule.source, ...(why ?? NEWER) });
  }
  return leftOut(leaving, tag);
}

type Why = Pick<LeavingOut, "filter" | "reason">;

const BELONGS: Why = { filter: "companion", reason: "it belongs to another image, which decides" };
const NEWER: Why = { filter: "latest", reason: "newer tags take its place" };

/** The first filter that leaves a tag out, in the order in which tagRefusals asks them; undefined where all let it pass. */
function whyNot({ tags }: MirrorRule, tag: string | undefined): Why | undefined {
  if (tag === undefined) return { filter: "untagged", reason: "the image has no tag, and mirror rules select by tag" };
  if (isCompanionTag(tag)) return BELONGS;
  for (const filter of FILTERS) {
    const reason = tagRefusals({ include: [], exclude: [], [filter]: tags[filter] })(tag);
    if (reason !== undefined) return { filter, reason };
  }
  return undefined;
}

function leftOut(rules: readonly LeavingOut[], tag: string | undefined): TagStanding {
  const what = tag === undefined ? "the image" : `the tag ${tag}`;
  const reason = rules.map((one) => `mirror[${one.rule}] leaves out ${what}: ${one.reason}`).join("; ");
  return { state: "not-selected", rules, reason };
}
