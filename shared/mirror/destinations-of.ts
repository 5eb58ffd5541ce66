import { canonicalJson } from "../policy/canonical-json.ts";
import { matchesGlob } from "../policy/glob.ts";
import { destinationName } from "../policy/mirror-rules.ts";
import { checkRepositoryName } from "../policy/repository-name.ts";
import type { MirrorRule, Policy } from "../policy/schema.ts";

/** A rule with its position in the policy, from 0. */
export interface NumberedRule {
  readonly index: number;
  readonly rule: MirrorRule;
}

/** The public repositories that the rules give to a private one, by name, each with its rules; names that ECR Public refuses are left out. */
export function destinationsOf(
  policy: Pick<Policy, "mirror">,
  repository: string,
): ReadonlyMap<string, readonly NumberedRule[]> {
  const all = [...namedDestinations(policy, repository)];
  return new Map(all.filter(([name]) => checkRepositoryName(name, "public") === undefined));
}

/** The same, with the names that ECR Public refuses. */
export function namedDestinations(
  { mirror }: Pick<Policy, "mirror">,
  repository: string,
): ReadonlyMap<string, readonly NumberedRule[]> {
  const destinations = new Map<string, NumberedRule[]>();
  mirror.forEach((rule, index) => {
    if (!matchesGlob(rule.source, repository, "repository")) return;
    const name = destinationName(rule.destination, repository);
    destinations.set(name, [...(destinations.get(name) ?? []), { index, rule }]);
  });
  return destinations;
}

/** The retention of a destination, in a rule; none where its rules differ in it, since then nobody knows which one is meant. */
export function keptBy(rules: readonly NumberedRule[]): Pick<MirrorRule, "retention"> | undefined {
  const different = new Set(rules.map(({ rule }) => canonicalJson(rule.retention)));
  const rule = rules[0]?.rule;
  return different.size === 1 && rule !== undefined && rule.retention.length > 0 ? rule : undefined;
}

/** Whether a rule ever deletes anything public. */
export function mayDelete({ retention, deletion }: MirrorRule): boolean {
  return retention.length > 0 || deletion !== undefined;
}

/** Tells of public names whether a rule, of those that `concerns` names, could have given them to some private repository. */
export function possibleDestination(
  { mirror }: Pick<Policy, "mirror">,
  concerns: (rule: MirrorRule) => boolean = mayDelete,
): (name: string) => boolean {
  const patterns = mirror.filter(concerns).map(({ destination }) => {
    const parts = destination.split(/\{(?:repository|name|path)\}/);
    return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);
  });
  return (name) => patterns.some((pattern) => pattern.test(name));
}
