/**
 * Repository creation templates as the registry keeps them, and which one covers a name.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
import { type AccountContext, AwsError } from "../aws/call.ts";
import type { ExclusionFilter, Mutability } from "./mutability.ts";
import type { Encryption } from "./settings.ts";
import type { Tag } from "./tags.ts";

export type AppliedFor = "REPLICATION" | "PULL_THROUGH_CACHE" | "CREATE_ON_PUSH";

export interface Template {
  readonly prefix: string;
  readonly description?: string;
  readonly encryptionConfiguration: Encryption;
  readonly resourceTags?: readonly Tag[];
  readonly imageTagMutability: Mutability;
  readonly imageTagMutabilityExclusionFilters?: readonly ExclusionFilter[];
  readonly repositoryPolicy?: string;
  readonly lifecyclePolicy?: string;
  readonly appliedFor: readonly AppliedFor[];
  readonly customRoleArn?: string;
  /** ISO 8601, since the store keeps JSON. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

const documentKey = "ecr-creation-templates";

/** By normalized prefix, sorted. */
export function allTemplates(account: AccountContext): Template[] {
  const kept = (account.store.private.document(documentKey) ?? {}) as Record<string, Template>;
  return Object.values(kept).sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
}

export function findTemplate(account: AccountContext, prefix: string): Template | undefined {
  return allTemplates(account).find((template) => normalized(template.prefix) === normalized(prefix));
}

/** Error: TemplateNotFoundException. */
export function requireTemplate(account: AccountContext, prefix: string): Template {
  const found = findTemplate(account, prefix);
  if (found !== undefined) return found;
  throw new AwsError(
    "TemplateNotFoundException",
    `The repository creation template with prefix '${prefix}' does not exist in the registry with id '${account.accountId}'`,
  );
}

/** Keeps `template` under its prefix, or with `undefined` removes the one that is there. */
export async function keepTemplate(
  account: AccountContext,
  prefix: string,
  template: Template | undefined,
): Promise<void> {
  const others = allTemplates(account).filter((kept) => normalized(kept.prefix) !== normalized(prefix));
  const kept = template === undefined ? others : [...others, template];
  const document = Object.fromEntries(kept.map((one) => [normalized(one.prefix), one]));
  await account.store.private.putDocument(documentKey, document);
}

/** The template that ECR would use to create `name`: of those for the scenario the longest prefix, ROOT last. */
export function coveringTemplate(account: AccountContext, name: string, scenario: AppliedFor): Template | undefined {
  const candidates = allTemplates(account).filter(({ appliedFor }) => appliedFor.includes(scenario));
  const byPrefix = candidates
    .filter(({ prefix }) => prefix !== "ROOT" && name.startsWith(`${normalized(prefix)}/`))
    .sort((a, b) => normalized(b.prefix).length - normalized(a.prefix).length);
  return byPrefix[0] ?? candidates.find(({ prefix }) => prefix === "ROOT");
}

/** The `RepositoryCreationTemplate` structure of the API. */
export function describeTemplate(template: Template): Record<string, unknown> {
  return { ...template, createdAt: new Date(template.createdAt), updatedAt: new Date(template.updatedAt) };
}

/** "There is always an assumed / applied to the end of the prefix" (API reference), so with and without are one. */
function normalized(prefix: string): string {
  return prefix.replace(/\/$/, "");
}
