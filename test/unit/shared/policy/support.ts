import { PolicyError, readPolicy } from "#shared/policy/read-policy.ts";
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
  limits?: Policy["limits"];
}): Policy {
  return {
    version: 1,
    naming: { allow: ["**"], deny: [], ...parts.naming },
    mutability: { enforcement: "enforce", exceptions: [], ...parts.mutability },
    templates: parts.templates ?? [],
    mirror: parts.mirror ?? [],
    limits: parts.limits ?? { sweepCallsPerSecond: 50 },
  };
}

export function template(prefix: string, settings: Partial<Template> = {}): Template {
  return { prefix, createOn: ["push"], ...settings };
}
