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

export function policyWith(parts: { templates?: Template[]; mirror?: MirrorRule[] }): Policy {
  return { version: 1, templates: parts.templates ?? [], mirror: parts.mirror ?? [] };
}

export function template(prefix: string, settings: Partial<Template> = {}): Template {
  return { prefix, createOn: ["push"], ...settings };
}
