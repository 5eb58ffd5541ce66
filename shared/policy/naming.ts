import { matchesGlob } from "./glob.ts";
import { checkRepositoryName } from "./repository-name.ts";
import type { Policy } from "./schema.ts";
import { wholePattern } from "./whole-pattern.ts";

export type NamingRule = "service" | "allow" | "deny" | "pattern" | "near-name";

/** A rule that a repository's name breaks. */
export interface NamingBreach {
  readonly rule: NamingRule;
  /** A sentence that quotes the name and says which rule it breaks. */
  readonly reason: string;
}

/**
 * The first rule that a name breaks: ECR's own, then the policy's deny, allow and pattern; undefined for a name that may be had. Near names
 * need the other names and are judged by `nearNameBreach`.
 */
export function checkNaming(policy: Pick<Policy, "naming">, name: string): NamingBreach | undefined {
  const refused = checkRepositoryName(name);
  if (refused !== undefined) return { rule: "service", reason: refused };

  const { allow, deny, pattern } = policy.naming;
  const denying = deny.find((glob) => matchesGlob(glob, name, "repository"));
  if (denying !== undefined) return { rule: "deny", reason: `'${name}' matches ${denying}, which naming.deny refuses` };
  if (!allow.some((glob) => matchesGlob(glob, name, "repository"))) {
    return { rule: "allow", reason: `'${name}' matches nothing that naming.allow names: ${allow.join(", ")}` };
  }
  if (pattern !== undefined && !wholePattern(pattern).test(name)) {
    return { rule: "pattern", reason: `'${name}' does not match naming.pattern as a whole: ${pattern}` };
  }
  return undefined;
}
