import { matchesGlob } from "./glob.ts";
import { templateFor } from "./match-template.ts";
import { checkNaming, type NamingBreach } from "./naming.ts";
import type { Policy, Template } from "./schema.ts";

/** What the policy says of one repository. */
export type Standard =
  /** Its name breaks a rule: it is listed, and never touched. */
  | { readonly outcome: "misnamed"; readonly breach: NamingBreach }
  /** No template covers it. */
  | { readonly outcome: "ungoverned"; readonly reason: string }
  | Governed;

export interface Governed {
  readonly outcome: "governed";
  readonly template: Template;
  /** What becomes of a tag mutability that differs. */
  readonly mutability: "enforce" | "report" | "excepted";
  /** The exception in force ("excepted"), or the newest one that has expired (then "enforce" or "report"). */
  readonly exception?: { readonly reason: string; readonly expires: string; readonly expired: boolean };
}

/**
 * The standard of a repository at a time, by its name alone. A name that breaks a rule comes first, as such a repository is nobody's to
 * touch; then the template; then the exceptions from tag mutability. An exception holds until the end of its last day in UTC. Of several the one
 * that expires last counts, so one in force wins over all that have expired.
 */
export function standardFor(
  policy: Pick<Policy, "templates" | "naming" | "mutability">,
  name: string,
  now: Date,
): Standard {
  const breach = checkNaming(policy, name);
  if (breach !== undefined) return { outcome: "misnamed", breach };
  const template = templateFor(policy, name);
  if (template === undefined) return { outcome: "ungoverned", reason: noTemplate(name) };

  const { enforcement, exceptions } = policy.mutability;
  const found = exceptions
    .filter(({ repository }) => matchesGlob(repository, name, "repository"))
    .reduce<Exception | undefined>(
      (last, one) => (last === undefined || one.expires > last.expires ? one : last),
      undefined,
    );
  if (found === undefined) return { outcome: "governed", template, mutability: enforcement };
  const { reason, expires } = found;
  const expired = expires < now.toISOString().slice(0, 10);
  return {
    outcome: "governed",
    template,
    mutability: expired ? enforcement : "excepted",
    exception: { reason, expires, expired },
  };
}

type Exception = Policy["mutability"]["exceptions"][number];

function noTemplate(name: string): string {
  return `no template of the policy covers '${name}', and there is no ROOT template`;
}
