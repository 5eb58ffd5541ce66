/** Who did it, in a few words. */
import type { TimelineEntry } from "../timeline.ts";

/** `user alice`, `function mirror-image`, `service ecr.amazonaws.com`, `role deploy`, or the source of an event as it is. */
export function callerInWords({ kind, who, facts }: TimelineEntry): string {
  if (who.startsWith("arn:")) return principalInWords(who);
  // A failure of the bus names the source of its event; all other decisions and failures are told by functions.
  const byFunction = (kind === "decision" || kind === "failure") && !("event" in facts);
  return byFunction ? `function ${who}` : who;
}

/** The same of an ARN of IAM or STS; any other text as it is. */
export function principalInWords(arn: string): string {
  const service = /:role\/aws-service-role\/([^/]+)\//.exec(arn)?.[1];
  if (service !== undefined) return `service ${service}`;
  const user = /:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  if (user !== undefined) return `user ${user}`;
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (role === undefined || session === undefined) return arn;
  // The CDK names the role of construct MirrorImage `STACK-MirrorImageRole1A2B3C4D-SUFFIX`.
  const construct = /-([A-Z]\w*)Role[0-9A-F]{8}-/.exec(role)?.[1];
  return construct === undefined ? `role ${role}` : `function ${withHyphens(construct)}`;
}

function withHyphens(construct: string): string {
  return construct.replace(/\B([A-Z])/g, "-$1").toLowerCase();
}
