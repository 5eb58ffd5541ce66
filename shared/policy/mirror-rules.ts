import { matchesGlob } from "./glob.ts";
import { checkRepositoryName } from "./repository-name.ts";
import type { MirrorRule, Policy } from "./schema.ts";

/** One place to publish to. `rule` is the position in the policy's `mirror` list, from 0. */
export interface MirrorTarget {
  readonly rule: number;
  /** Name of the repository in ECR Public, without the registry's alias. */
  readonly destination: string;
}

/**
 * What the policy says of one image. Selected: `targets`, each destination once, in the order of the rules, and in `impossible` one
 * sentence for each rule that selects the image but whose destination ECR Public would refuse for this name (so `targets` may be empty).
 */
export type MirrorDecision =
  | { readonly targets: readonly MirrorTarget[]; readonly impossible: readonly string[] }
  /** Why nothing is published, in a sentence. */
  | { readonly notSelected: string };

/**
 * Decides where an image is published. `tag` is undefined for an image that was pushed by digest: it is published only as part of a tagged one.
 *
 * Several rules may select one tag; it then goes to each of their destinations. Two rules with the same destination for it are one target.
 */
export function mirrorTargets(
  policy: Pick<Policy, "mirror">,
  repositoryName: string,
  tag: string | undefined,
): MirrorDecision {
  const rules = policy.mirror
    .map((rule, index) => ({ rule, index }))
    .filter(({ rule }) => matchesGlob(rule.source, repositoryName, "repository"));
  if (rules.length === 0) return { notSelected: `no mirror rule names the repository ${repositoryName}` };
  if (tag === undefined)
    return { notSelected: `the image was pushed to ${repositoryName} without a tag, and mirror rules select by tag` };

  const refusals = rules.map(({ rule, index }) => ({ rule, index, refusal: tagRefusal(rule, tag) }));
  const selecting = refusals.filter(({ refusal }) => refusal === undefined);
  if (selecting.length === 0) {
    return {
      notSelected: refusals
        .map(({ index, refusal }) => `mirror[${index}] leaves out the tag ${tag}: ${refusal}`)
        .join("; "),
    };
  }

  const targets: MirrorTarget[] = [];
  const impossible: string[] = [];
  for (const { rule, index } of selecting) {
    const destination = destinationName(rule.destination, repositoryName);
    const broken = checkRepositoryName(destination, "public");
    if (broken !== undefined)
      impossible.push(`mirror[${index}] cannot publish ${repositoryName} as ${rule.destination}: ${broken}`);
    else if (!targets.some((target) => target.destination === destination)) targets.push({ rule: index, destination });
  }
  return { targets, impossible };
}

/**
 * The name in ECR Public: `{repository}` is the whole source name, `{name}` its last segment, `{path}` all but the last (empty for a name
 * of one segment). Whether ECR Public takes the result is for `checkRepositoryName` to say.
 */
export function destinationName(destination: string, repositoryName: string): string {
  const cut = repositoryName.lastIndexOf("/");
  const parts: Readonly<Record<string, string>> = {
    repository: repositoryName,
    name: repositoryName.slice(cut + 1),
    path: repositoryName.slice(0, Math.max(cut, 0)),
  };
  return destination.replace(/\{(repository|name|path)\}/g, (_, key: string) => parts[key] ?? "");
}

function tagRefusal(rule: MirrorRule, tag: string): string | undefined {
  if (!rule.tags.include.some((pattern) => matchesGlob(pattern, tag)))
    return `it matches none of ${rule.tags.include.join(", ")}`;
  const excluding = rule.tags.exclude.find((pattern) => matchesGlob(pattern, tag));
  return excluding === undefined ? undefined : `${excluding} excludes it`;
}
