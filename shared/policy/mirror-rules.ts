import { matchesGlob } from "./glob.ts";
import { tagRefusals } from "./mirror-tags.ts";
import { amongNewest } from "./newest.ts";
import { checkRepositoryName } from "./repository-name.ts";
import type { MirrorRule, Policy } from "./schema.ts";
import { compareVersions, parseVersion } from "./version.ts";

/** A reason is a line of a log: so many tags, and the number of the others. */
const TAGS_SHOWN = 3;
/** The time of a push that is not known: later than all, and no infinity, whose difference to itself is no number. */
const JUST_PUSHED = Number.MAX_VALUE;

/** What one rule makes of the tags of one digest. `rule` is the position in the policy's `mirror` list, from 0. */
export interface MirrorSelection {
  readonly rule: number;
  /** Name of the repository in ECR Public, without the registry's alias. */
  readonly destination: string;
  /** At least one. */
  readonly tags: readonly string[];
}

/**
 * What the policy says of one digest. Selected: one entry for each rule, in the order of the rules, and in `impossible` one sentence for each
 * rule that selects a tag but whose destination ECR Public would refuse for this name (so `selections` may be empty).
 */
export type MirrorDecision =
  | { readonly selections: readonly MirrorSelection[]; readonly impossible: readonly string[] }
  /** Why nothing is published, in a sentence. */
  | { readonly notSelected: string };

type MirrorPolicy = Pick<Policy, "mirror">;

/** Whether the source of any rule matches the repository; where none does, there is nothing to ask ECR. */
export function namesRepository(policy: MirrorPolicy, repository: string): boolean {
  return rulesFor(policy, repository).length > 0;
}

/** Whether a rule for the repository has `latest`, so that `onlyLatest` must be asked, with all of its tagged images. */
export function needsAllTags(policy: MirrorPolicy, repository: string): boolean {
  return rulesFor(policy, repository).some(({ rule }) => rule.tags.latest !== undefined);
}

/**
 * Decides where an image is published, and under which tags, `latest` left aside. `tags`: all tags of one digest, so that those which a rule
 * selects travel together; an image without any is published only as a part of a tagged one.
 *
 * Several rules may select one tag; it then goes to each of their destinations. Where two of them lead to the same destination, the first
 * one has the tag, with its gates; but if that one has `latest`, both have it until `onlyLatest` has said which.
 */
export function mirrorSelections(policy: MirrorPolicy, repository: string, tags: readonly string[]): MirrorDecision {
  const rules = rulesFor(policy, repository);
  if (rules.length === 0) return { notSelected: `no mirror rule names the repository ${repository}` };
  if (tags.length === 0)
    return { notSelected: `the image has no tag in ${repository}, and mirror rules select by tag` };

  const selections: MirrorSelection[] = [];
  const impossible: string[] = [];
  const refusals: string[] = [];
  for (const { rule, index } of rules) {
    const refusalOf = tagRefusals(rule.tags);
    const selected = tags.filter((tag) => refusalOf(tag) === undefined);
    const destination = destinationName(rule.destination, repository);
    const broken = checkRepositoryName(destination, "public");
    if (selected.length === 0) {
      const shown = tags.slice(0, TAGS_SHOWN).map((tag) => `the tag ${tag}: ${refusalOf(tag)}`);
      const more = tags.length > TAGS_SHOWN ? ` and ${tags.length - TAGS_SHOWN} more` : "";
      refusals.push(`mirror[${index}] leaves out ${shown.join(", ")}${more}`);
    } else if (broken !== undefined) {
      impossible.push(`mirror[${index}] cannot publish ${repository} as ${rule.destination}: ${broken}`);
    } else {
      selections.push({ rule: index, destination, tags: selected });
    }
  }
  if (selections.length + impossible.length === 0) return { notSelected: refusals.join("; ") };
  return { selections: eachTagOnce(selections, (rule) => policy.mirror[rule]?.tags.latest === undefined), impossible };
}

/**
 * Drops from `mirrorSelections`' answer the tags that are not among the newest `latest` of those which their rule selects in the repository:
 * by version where the rule has a range, else by the time of the push. Takes all tagged images of the repository, in any order. Equals
 * stand or fall together; a tag whose time is not known (an image that the list does not show yet) is taken for new.
 */
export function onlyLatest(
  policy: MirrorPolicy,
  repository: string,
  selections: readonly MirrorSelection[],
  images: readonly { readonly tags: readonly string[]; readonly pushedAt?: Date | undefined }[],
): MirrorSelection[] {
  if (!needsAllTags(policy, repository)) return [...selections];
  const latest = selections.map((selection) => {
    const rule = policy.mirror[selection.rule];
    const isLatest = rule === undefined ? undefined : latestTags(rule.tags, images);
    return isLatest === undefined ? selection : { ...selection, tags: selection.tags.filter(isLatest) };
  });
  return eachTagOnce(latest, () => true);
}

/**
 * The name in ECR Public: `{repository}` is the whole source name, `{name}` its last segment, `{path}` all but the last (empty for a name
 * of one segment). Whether ECR Public takes the result is for `checkRepositoryName` to say.
 */
export function destinationName(destination: string, repository: string): string {
  const cut = repository.lastIndexOf("/");
  const parts: Readonly<Record<string, string>> = {
    repository,
    name: repository.slice(cut + 1),
    path: repository.slice(0, Math.max(cut, 0)),
  };
  return destination.replace(/\{(repository|name|path)\}/g, (_, key: string) => parts[key] ?? "");
}

function rulesFor({ mirror }: MirrorPolicy, repository: string): { rule: MirrorRule; index: number }[] {
  return mirror
    .map((rule, index) => ({ rule, index }))
    .filter(({ rule }) => matchesGlob(rule.source, repository, "repository"));
}

/** Leaves each tag to the first selection that has it for a destination, of those whose rule counts; what is left without tags goes. */
function eachTagOnce(selections: readonly MirrorSelection[], counts: (rule: number) => boolean): MirrorSelection[] {
  const kept: MirrorSelection[] = [];
  for (const selection of selections) {
    const earlier = kept.filter(({ rule, destination }) => destination === selection.destination && counts(rule));
    const tags = selection.tags.filter((tag) => !earlier.some((other) => other.tags.includes(tag)));
    if (tags.length > 0) kept.push({ ...selection, tags });
  }
  return kept;
}

/** Undefined where the rule has no `latest`. */
function latestTags(
  tags: MirrorRule["tags"],
  images: Parameters<typeof onlyLatest>[3],
): ((tag: string) => boolean) | undefined {
  if (tags.latest === undefined) return undefined;
  const refusalOf = tagRefusals(tags);
  const times = new Map<string, number>();
  for (const image of images) {
    for (const tag of image.tags) {
      if (refusalOf(tag) === undefined) times.set(tag, image.pushedAt?.getTime() ?? JUST_PUSHED);
    }
  }
  if (tags.semver === undefined) {
    const isLatest = amongNewest([...times.values()], tags.latest, (a, b) => a - b);
    return (tag) => isLatest(times.get(tag) ?? JUST_PUSHED);
  }
  const versions = [...times.keys()].flatMap((tag) => parseVersion(tag) ?? []);
  const isLatest = amongNewest(versions, tags.latest, compareVersions);
  return (tag) => {
    const version = parseVersion(tag);
    return version !== undefined && isLatest(version);
  };
}
