import type { Policy, Template } from "./schema.ts";

/** Prefix of the template for every repository that no other template covers. https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html */
export const ROOT = "ROOT";

/**
 * The template that governs a repository, by ECR's own rule: a `/` is implied at the end of a prefix, so `team-a` covers `team-a/x`
 * and not `team-a`; the longest prefix wins; ROOT comes last. Undefined when none covers it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
export function templateFor(policy: Pick<Policy, "templates">, repositoryName: string): Template | undefined {
  let found: Template | undefined;
  for (const template of policy.templates) {
    if (!covers(template.prefix, repositoryName)) continue;
    if (
      found === undefined ||
      found.prefix === ROOT ||
      (template.prefix !== ROOT && template.prefix.length > found.prefix.length)
    ) {
      found = template;
    }
  }
  return found;
}

function covers(prefix: string, repositoryName: string): boolean {
  return prefix === ROOT || repositoryName.startsWith(`${prefix}/`);
}
