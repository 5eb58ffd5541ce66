import { permanent } from "../errors.ts";
import { isSameDocument } from "./is-same-document.ts";
import type { Policy, Template } from "./schema.ts";

/** Stands first in the description of every template of ours: it is how they are told from templates that others made. */
const MARK = "ecr-autopilot: ";
/** API model: description of a creation template. */
const LONGEST_DESCRIPTION = 256;

const APPLIED_FOR = {
  push: "CREATE_ON_PUSH",
  "pull-through-cache": "PULL_THROUGH_CACHE",
  replication: "REPLICATION",
} as const;

/** Input of CreateRepositoryCreationTemplate and of its Update (API model). Lists are mutable, since the SDK's types want them so. */
export interface NativeTemplate {
  readonly prefix: string;
  readonly description: string;
  readonly encryptionConfiguration?: { encryptionType: "AES256" | "KMS" | "KMS_DSSE"; kmsKey?: string };
  readonly resourceTags?: { Key: string; Value: string }[];
  readonly imageTagMutability?: "MUTABLE" | "IMMUTABLE" | "MUTABLE_WITH_EXCLUSION" | "IMMUTABLE_WITH_EXCLUSION";
  readonly imageTagMutabilityExclusionFilters?: { filterType: "WILDCARD"; filter: string }[];
  readonly repositoryPolicy?: string;
  readonly lifecyclePolicy?: string;
  readonly appliedFor: ("CREATE_ON_PUSH" | "PULL_THROUGH_CACHE" | "REPLICATION")[];
  readonly customRoleArn?: string;
}

/** A template as DescribeRepositoryCreationTemplates gives it: every member may be missing. */
export interface PresentTemplate {
  readonly prefix?: string | undefined;
  readonly description?: string | undefined;
  readonly encryptionConfiguration?: { encryptionType?: string | undefined; kmsKey?: string | undefined } | undefined;
  readonly resourceTags?: { Key?: string | undefined; Value?: string | undefined }[] | undefined;
  readonly imageTagMutability?: string | undefined;
  readonly imageTagMutabilityExclusionFilters?: { filter?: string | undefined }[] | undefined;
  readonly repositoryPolicy?: string | undefined;
  readonly lifecyclePolicy?: string | undefined;
  readonly appliedFor?: string[] | undefined;
  readonly customRoleArn?: string | undefined;
}

export interface TemplateChanges {
  readonly create: NativeTemplate[];
  readonly update: NativeTemplate[];
  /** Prefixes of templates of ours that the policy no longer has. */
  readonly delete: string[];
  /** Prefixes of templates that others made; they are left alone. */
  readonly foreign: string[];
  /** Prefixes of ours that a foreign template holds: ours is not published. Each is in `foreign`, too. */
  readonly conflicts: string[];
}

/**
 * The policy's templates as ECR's own creation templates, one for each template that is published for any creation. A native template
 * has no scan setting; the role goes only where tags or KMS need it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 *
 * Errors: permanent `custom-role-missing` when a template needs `customRoleArn` and there is none.
 */
export function nativeTemplates(
  policy: Pick<Policy, "templates">,
  customRoleArn: string | undefined,
): NativeTemplate[] {
  return policy.templates
    .filter(({ createOn }) => createOn.length > 0)
    .map((template) => nativeTemplate(template, customRoleArn));
}

/** What must be written so that ECR holds `wanted`, compared by meaning; templates that others made are never touched. */
export function templateChanges(
  wanted: readonly NativeTemplate[],
  present: readonly PresentTemplate[],
): TemplateChanges {
  const foreign = present.filter((template) => !isOurs(template));
  const ours = present.filter(isOurs);
  const changes: TemplateChanges = {
    create: [],
    update: [],
    delete: [],
    foreign: foreign.map(({ prefix = "" }) => prefix),
    conflicts: [],
  };

  for (const template of wanted) {
    const same = (other: PresentTemplate) => bare(other.prefix) === bare(template.prefix);
    const there = ours.find(same);
    if (foreign.some(same)) changes.conflicts.push(template.prefix);
    else if (there === undefined) changes.create.push(template);
    else if (meaningOf(there) !== meaningOf(template) || !hasSameDocuments(there, template)) {
      changes.update.push(cleared(template, there));
    }
  }
  const kept = new Set(wanted.map(({ prefix }) => bare(prefix)));
  changes.delete.push(...ours.filter(({ prefix }) => !kept.has(bare(prefix))).map(({ prefix = "" }) => prefix));
  return changes;
}

function nativeTemplate(template: Template, customRoleArn: string | undefined): NativeTemplate {
  const { prefix, description, mutability, encryption, lifecyclePolicy, repositoryPolicy, tags, createOn } = template;
  const resourceTags = Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const needsRole = resourceTags.length > 0 || (encryption !== undefined && encryption.type !== "AES256");
  if (needsRole && customRoleArn === undefined) {
    throw permanent(
      "custom-role-missing",
      `the template ${prefix} has tags or a KMS key, which ECR sets at creation only with a role, and no role was given`,
    );
  }
  return {
    prefix,
    description: markedDescription(description),
    appliedFor: createOn.map((creation) => APPLIED_FOR[creation]),
    ...(encryption && {
      encryptionConfiguration: {
        encryptionType: encryption.type,
        ...(encryption.kmsKey !== undefined && { kmsKey: encryption.kmsKey }),
      },
    }),
    ...(resourceTags.length > 0 && { resourceTags }),
    ...(mutability && { imageTagMutability: mutability.mode }),
    ...(mutability &&
      mutability.exclude.length > 0 && {
        imageTagMutabilityExclusionFilters: mutability.exclude.map((filter) => ({
          filterType: "WILDCARD" as const,
          filter,
        })),
      }),
    ...(repositoryPolicy !== undefined && { repositoryPolicy }),
    ...(lifecyclePolicy !== undefined && { lifecyclePolicy }),
    ...(needsRole && customRoleArn !== undefined && { customRoleArn }),
  };
}

/** The mark takes room in ECR's description, so a long one is cut, between characters. */
function markedDescription(description = "written from the policy; changes here are overwritten"): string {
  const marked = MARK + description;
  if (marked.length <= LONGEST_DESCRIPTION) return marked;
  return `${marked.slice(0, LONGEST_DESCRIPTION - 3).replace(/[\uD800-\uDBFF]$/, "")}...`;
}

function isOurs({ description }: PresentTemplate): boolean {
  return description?.startsWith(MARK) ?? false;
}

/** A "/" at the end of a prefix is implied, so it makes no other prefix. */
function bare(prefix = ""): string {
  return prefix.replace(/\/$/, "");
}

/** Everything but the policy documents, with ECR's defaults filled in, so that what the service adds is no difference. */
function meaningOf(template: PresentTemplate): string {
  const mutability = template.imageTagMutability ?? "MUTABLE";
  const filters = (template.imageTagMutabilityExclusionFilters ?? []).map(({ filter }) => filter ?? "").sort();
  return JSON.stringify([
    template.description,
    template.encryptionConfiguration?.encryptionType ?? "AES256",
    template.encryptionConfiguration?.kmsKey ?? "",
    (template.resourceTags ?? []).map(({ Key = "", Value = "" }) => JSON.stringify([Key, Value])).sort(),
    mutability,
    mutability.endsWith("_WITH_EXCLUSION") ? filters : [],
    [...(template.appliedFor ?? [])].sort(),
    template.customRoleArn ?? "",
  ]);
}

function hasSameDocuments(a: PresentTemplate, b: PresentTemplate): boolean {
  return (
    isSameDocument(a.repositoryPolicy ?? "", b.repositoryPolicy ?? "") &&
    isSameDocument(a.lifecyclePolicy ?? "", b.lifecyclePolicy ?? "")
  );
}

/**
 * The update's input. Whether a member that is left out is cleared or kept is not documented, so a setting that the policy dropped is
 * written with its empty or default value, which the API model allows, and both answers end the same. The prefix is spelt as ECR has it.
 */
function cleared(template: NativeTemplate, present: PresentTemplate): NativeTemplate {
  return {
    ...(present.encryptionConfiguration && { encryptionConfiguration: { encryptionType: "AES256" as const } }),
    ...(present.resourceTags && { resourceTags: [] }),
    ...(present.imageTagMutability !== undefined && { imageTagMutability: "MUTABLE" as const }),
    ...(present.repositoryPolicy !== undefined && { repositoryPolicy: "" }),
    ...(present.lifecyclePolicy !== undefined && { lifecyclePolicy: "" }),
    ...(present.customRoleArn !== undefined && { customRoleArn: "" }),
    ...template,
    prefix: present.prefix ?? template.prefix,
  };
}
