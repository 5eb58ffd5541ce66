import type { Template } from "./schema.ts";

/** What may stand in braces in an owner tag: the members of `Owner`. */
export const OWNER_PLACEHOLDERS = ["role", "session", "account"] as const;

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html#tag-restrictions */
export const NOT_IN_TAGS = /[^\p{L}\p{Z}\p{N}_.:/=+@-]/gu;
const LONGEST_VALUE = 256;

/** Who created a repository, as far as it is known. */
export interface Owner {
  readonly role?: string;
  readonly session?: string;
  readonly account?: string;
}

/**
 * A role's path is not part of its sessions' ARNs, a user's path is part of the user's.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
const SESSION = /^arn:aws[a-z0-9-]*:sts::([0-9]{12}):assumed-role\/([\w+=,.@-]+)\/([\w+=,.@-]+)$/;
const USER = /^arn:aws[a-z0-9-]*:iam::([0-9]{12}):user\/(?:[!-~]*\/)?([\w+=,.@-]+)$/;

/**
 * The owner that a caller's ARN tells of. An assumed role gives its name, the session's and the account. An IAM user has no
 * role and no session, so the user's own name stands for the session's. Undefined for root, services, federated users and all else.
 */
export function ownerOf(callerArn: string): Owner | undefined {
  const [, account, role, session] = SESSION.exec(callerArn) ?? [];
  if (account !== undefined && role !== undefined && session !== undefined) return { role, session, account };
  const [, userAccount, user] = USER.exec(callerArn) ?? [];
  return userAccount !== undefined && user !== undefined ? { session: user, account: userAccount } : undefined;
}

/**
 * A template's owner tags with their placeholders filled in; a tag with one that is not known is left out. Characters that AWS
 * takes in no tag (the comma of a role's or session's name) are dropped, and values are cut to 256.
 */
export function ownerTags(template: Pick<Template, "ownerTags">, owner: Owner | undefined): Record<string, string> {
  const filled = Object.entries(template.ownerTags ?? {}).flatMap(([key, text]) => {
    const parts = text
      .split(/\{(role|session|account)\}/)
      .map((part, index) => (index % 2 === 0 ? part : owner?.[part as keyof Owner]));
    return parts.includes(undefined) ? [] : [[key, tagValue(parts.join(""))] as const];
  });
  return Object.fromEntries(filled);
}

function tagValue(text: string): string {
  return text
    .replace(NOT_IN_TAGS, "")
    .slice(0, LONGEST_VALUE)
    .replace(/[\uD800-\uDBFF]$/, "");
}
