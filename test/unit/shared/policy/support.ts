import { PolicyError, readPolicy } from "#shared/policy/read-policy.ts";
import { semverRange } from "#shared/policy/schema/semver-range.ts";
import type { MirrorRule, Policy, Template } from "#shared/policy/schema.ts";

/** What is wrong with a policy, one `line:column  path: message` each; empty when nothing is. Any other error is raised. */
export function problemsOf(yaml: string): string[] {
  try {
    readPolicy(yaml, "p.yaml");
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.message.split("\n").map((line) => line.replace(/^p\.yaml:/, ""));
  }
}

/** The problems of one template whose settings, beside the prefix, are these lines of YAML. */
export function problemsOfTemplate(...lines: string[]): string[] {
  return problemsOf(
    ["version: 1", "templates:", "  - prefix: team-a", ...lines.map((line) => `    ${line}`)].join("\n"),
  );
}

/** The problems of mirror rules, each a flow map in YAML. */
export function problemsOfMirror(...rules: string[]): string[] {
  return problemsOf(["version: 1", "mirror:", ...rules.map((rule) => `  - ${rule}`)].join("\n"));
}

/** The problems of one mirror rule that is good but for these lines of YAML, without their places and without `mirror[0].`. */
export function problemsOfMirrorRule(...lines: string[]): string[] {
  const given = lines.map((line) => line.split(":")[0]);
  const good = ["source: team-a/*", 'destination: "team-a-{name}"', 'tags: { include: ["v*"] }'];
  const all = [...good.filter((line) => !given.includes(line.split(":")[0])), ...lines];
  return problemsOf(
    ["version: 1", "mirror:", ...all.map((line, index) => `${index === 0 ? "  -" : "   "} ${line}`)].join("\n"),
  )
    .map(withoutPlace)
    .map((problem) => problem.replace(/^mirror\[0\]\./, ""));
}

/** The problems of the section `naming`, a flow map in YAML, without their places. */
export function problemsOfNaming(section: string): string[] {
  return problemsOf(`version: 1\nnaming: ${section}`).map(withoutPlace);
}

/** The problems of the section `mutability`, a flow map in YAML, without their places. */
export function problemsOfMutability(section: string): string[] {
  return problemsOf(`version: 1\nmutability: ${section}`).map(withoutPlace);
}

export function withoutPlace(problem: string): string {
  return problem.replace(/^[0-9]+:[0-9]+ {2}/, "");
}

/** The policy with these parts; the rest as `readPolicy` fills it in. */
export function policyWith(parts: {
  naming?: Partial<Policy["naming"]>;
  mutability?: Partial<Policy["mutability"]>;
  templates?: Template[];
  mirror?: MirrorRule[];
  catalog?: Partial<Policy["catalog"]>;
  limits?: Policy["limits"];
}): Policy {
  return {
    version: 1,
    naming: { allow: ["**"], deny: [], ...parts.naming },
    mutability: { enforcement: "enforce", exceptions: [], ...parts.mutability },
    templates: parts.templates ?? [],
    mirror: parts.mirror ?? [],
    catalog: { repositories: [], ...parts.catalog },
    limits: parts.limits ?? { sweepCallsPerSecond: 50 },
  };
}

export function template(prefix: string, settings: Partial<Template> = {}): Template {
  return { prefix, createOn: ["push"], ...settings };
}

/** A compiled mirror rule with these parts; the rest as `readPolicy` fills it in. */
export function mirrorRule(
  source: string,
  destination: string,
  { tags, ...parts }: Partial<Omit<MirrorRule, "tags">> & { tags?: Partial<MirrorRule["tags"]> } = {},
): MirrorRule {
  return {
    source,
    tags: { include: [], exclude: [], ...tags },
    destination,
    immutable: [],
    verify: false,
    gates: {},
    retention: [],
    ...parts,
  };
}

/** A range of versions, compiled. */
export function compiledRange(range: string): NonNullable<MirrorRule["tags"]["semver"]> {
  return semverRange.parse(range);
}
