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
  { mirror }: Pick<Policy, "mirror">,
  repository: string,
): ReadonlyMap<string, readonly NumberedRule[]> {
  const destinations = new Map<string, NumberedRule[]>();
  mirror.forEach((rule, index) => {
    if (!matchesGlob(rule.source, repository, "repository")) return;
    const name = destinationName(rule.destination, repository);
    if (checkRepositoryName(name, "public") !== undefined) return;
    destinations.set(name, [...(destinations.get(name) ?? []), { index, rule }]);
  });
  return destinations;
}

/** Whether a rule ever deletes anything public. */
export function mayDelete({ retention, deletion }: MirrorRule): boolean {
  return retention.length > 0 || deletion !== undefined;
}

/** Tells of public names whether a rule that may delete could have given them to some private repository. */
export function possibleDestination({ mirror }: Pick<Policy, "mirror">): (name: string) => boolean {
  const patterns = mirror.filter(mayDelete).map(({ destination }) => {
    const parts = destination.split(/\{(?:repository|name|path)\}/);
    return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);
  });
  return (name) => patterns.some((pattern) => pattern.test(name));
}
