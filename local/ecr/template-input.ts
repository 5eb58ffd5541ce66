/** The settings of a creation template as a caller gives them, checked. Shared by creation and update. */
import type { AccountContext } from "../aws/call.ts";
import { list, type Shape, string } from "../aws/constraints.ts";
import { invalidParameter } from "../aws/refusals.ts";
import { policyText } from "../aws/shapes.ts";
import { encryptionOf } from "./encryption.ts";
import { lifecyclePolicyAsKept } from "./lifecycle-policy.ts";
import { type MutabilityInput, mutabilityOf } from "./mutability.ts";
import { policyAsKept } from "./policy-text.ts";
import type { Encryption } from "./settings.ts";
import {
  exclusionFilters,
  imageTagMutability,
  tags,
  templateEncryptionConfiguration,
  templatePrefix,
} from "./shapes.ts";
import { checkTags, type Tag } from "./tags.ts";
import type { AppliedFor, Template } from "./templates.ts";

export type TemplateInput = MutabilityInput & {
  readonly prefix: string;
  readonly description?: string;
  readonly encryptionConfiguration?: Encryption;
  readonly resourceTags?: readonly Tag[];
  readonly repositoryPolicy?: string;
  readonly lifecyclePolicy?: string;
  readonly appliedFor?: readonly AppliedFor[];
  readonly customRoleArn?: string;
};

/** Members of both requests (API model). */
export const templateMembers: Record<string, Shape> = {
  prefix: templatePrefix,
  description: string({ max: 256 }),
  encryptionConfiguration: templateEncryptionConfiguration,
  resourceTags: tags,
  imageTagMutability,
  imageTagMutabilityExclusionFilters: exclusionFilters,
  repositoryPolicy: policyText,
  lifecyclePolicy: string({ min: 0, max: 30_720 }),
  appliedFor: list(string({ values: ["REPLICATION", "PULL_THROUGH_CACHE", "CREATE_ON_PUSH"] })),
  customRoleArn: string({ max: 2048 }),
};

/**
 * The template after the input was put over `present`. What is not given stays; an empty text, list or role removes the member
 * (the model allows a length of 0). Errors: InvalidParameterException, InvalidTagParameterException, TooManyTagsException.
 */
export function templateWith(account: AccountContext, present: Template, input: TemplateInput): Template {
  const { imageTagMutability, exclusionFilters } = mutabilityOf(mutabilityInput(present, input));
  const merged = {
    ...present,
    ...input,
    prefix: present.prefix,
    updatedAt: account.clock().toISOString(),
    encryptionConfiguration: encryptionOf(
      input.encryptionConfiguration ?? present.encryptionConfiguration,
      account.region,
    ),
    imageTagMutability,
    imageTagMutabilityExclusionFilters: exclusionFilters,
  };
  checkTags(merged.resourceTags ?? []);
  checkRole(account, merged.customRoleArn);
  // Checked, but kept as it was given, while the access policy is kept in the service's format (API reference, sample).
  if (merged.lifecyclePolicy) lifecyclePolicyAsKept(merged.lifecyclePolicy);
  if (merged.repositoryPolicy) merged.repositoryPolicy = policyAsKept(merged.repositoryPolicy, "repository");
  const optional = Object.entries(merged).filter(([name, value]) => name === "appliedFor" || !isEmpty(value));
  return Object.fromEntries(optional) as unknown as Template;
}

function mutabilityInput(present: Template, input: TemplateInput): MutabilityInput {
  // A new mode brings its own filters or none; filters alone belong to the present mode.
  if (input.imageTagMutability !== undefined) return input;
  const filters = input.imageTagMutabilityExclusionFilters ?? present.imageTagMutabilityExclusionFilters;
  return {
    imageTagMutability: present.imageTagMutability,
    ...(filters === undefined ? {} : { imageTagMutabilityExclusionFilters: filters }),
  };
}

/** API reference: "This role must be in the same account as the registry that you are configuring." */
function checkRole(account: AccountContext, role: string | undefined): void {
  if (role === undefined || role === "") return;
  const owner = /^arn:aws[a-z-]*:iam::(\d{12}):role\/.+$/.exec(role)?.[1];
  if (owner === account.accountId) return;
  throw invalidParameter("customRoleArn", `must be the ARN of a role in the account ${account.accountId}`);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
