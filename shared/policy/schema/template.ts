import * as z from "zod";
import { lifecyclePolicySchema } from "./lifecycle-policy.ts";
import { repositoryPolicySchema } from "./repository-policy.ts";
import { objectRule, type Report, strictObject } from "./strict-object.ts";

/** Limits and patterns: API model of CreateRepositoryCreationTemplate and PutImageTagMutability, unless told otherwise; anchored. */
const PREFIX = /^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$/;
const FILTER = /^[0-9a-zA-Z._*-]{1,128}$/;
const KMS_KEY = /^arn:aws[a-z0-9-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[a-z0-9-]+$/;
/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html#tag-restrictions */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u;

const MUTABILITY_MODES = ["MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"] as const;

const mutability = strictObject({
  mode: z.enum(MUTABILITY_MODES).meta({
    description:
      "Whether a tag may be moved to another image. WITH_EXCLUSION turns it round for the tags that exclude names.",
  }),
  exclude: z
    .array(z.string().check(z.superRefine(checkFilter)))
    .max(5, "has more than five patterns, which is all that ECR takes; write fewer or wider ones")
    .default([])
    .meta({
      description: "1 to 5 tag patterns; at most two * each. Required with WITH_EXCLUSION, refused otherwise.",
      examples: [["dev-*"]],
    }),
}).check(objectRule(checkExclusions));

const encryption = strictObject({
  type: z
    .enum(["AES256", "KMS", "KMS_DSSE"])
    .meta({ description: "Set at creation only; a difference later is reported, never mended." }),
  kmsKey: z
    .string()
    .regex(KMS_KEY, {
      error: ({ input }) =>
        `${JSON.stringify(input)} is not the whole ARN of a key; write arn:aws:kms:REGION:ACCOUNT:key/ID instead`,
    })
    .meta({
      description: "Whole ARN of the key (no alias); required with KMS and KMS_DSSE.",
      examples: ["arn:aws:kms:eu-west-1:111122223333:key/ID"],
    })
    .exactOptional(),
}).check(objectRule(checkKey));

const tags = z
  .record(z.string(), z.string())
  .check(objectRule(checkTags))
  .meta({
    description: "Tags of the repository; tags that are not named here are left alone.",
    examples: [{ team: "a" }],
  });

export const templateSchema = strictObject({
  prefix: z
    .string()
    .max(256, "is longer than 256 characters, which is all that ECR takes; write a shorter one")
    .regex(PREFIX, { error: ({ input }) => prefixRefused(String(input)) })
    .meta({
      description:
        'Which repositories: team-a covers team-a/x and not team-a, as a "/" is implied at the end. ROOT covers what no other prefix does.',
      examples: ["team-a"],
    })
    .transform((prefix) => prefix.replace(/\/$/, "")),
  description: z
    .string()
    .max(256, "is longer than 256 characters, which is all that ECR takes; write a shorter one")
    .meta({ description: "What the template is for." })
    .exactOptional(),
  mutability: mutability.meta({ description: "Whether tags may be moved." }).exactOptional(),
  scanOnPush: z.boolean().meta({ description: "Whether ECR scans an image when it is pushed." }).exactOptional(),
  encryption: encryption.meta({ description: "How ECR encrypts the repository." }).exactOptional(),
  lifecyclePolicy: lifecyclePolicySchema.meta({ description: "ECR's lifecycle policy document." }).exactOptional(),
  repositoryPolicy: repositoryPolicySchema.meta({ description: "IAM policy of the repository." }).exactOptional(),
  tags: tags.exactOptional(),
  createOn: z
    .array(z.enum(["push", "pull-through-cache", "replication"]))
    .refine((values) => new Set(values).size === values.length, "names a creation twice; write each once")
    .default(["push"])
    .meta({ description: "Creations by ECR itself for which the template is published to ECR; [] for none." }),
});

function prefixRefused(prefix: string): string {
  const words = prefix.toLowerCase().split(/[^a-z0-9./_-]+|\/+/);
  const advice = words.filter((word) => PREFIX.test(word)).join("/");
  const write = PREFIX.test(advice) ? advice : "lower-case words joined by one of . _ - or /, or ROOT";
  return `${JSON.stringify(prefix)} is no prefix that ECR takes; write ${write} instead`;
}

function checkFilter(filter: string, context: z.core.$RefinementCtx<string>): void {
  const quoted = JSON.stringify(filter);
  if (!FILTER.test(filter)) {
    context.addIssue(
      `${quoted} is no tag pattern; write 1 to 128 of the characters a-z, A-Z, 0-9, ".", "_", "-" and "*" instead`,
    );
  }
  // From the validation of the Terraform provider for AWS; the API model does not have it.
  if (filter.split("*").length - 1 > 2)
    context.addIssue(`${quoted} has more than two *; write a pattern with two at most`);
}

function checkExclusions(value: Readonly<Record<string, unknown>>, report: Report): void {
  const { mode, exclude } = value;
  if (!Array.isArray(exclude) || !MUTABILITY_MODES.some((known) => known === mode)) return;
  const plain = String(mode).replace("_WITH_EXCLUSION", "");
  if (mode !== plain && exclude.length === 0) {
    report(
      ["exclude"],
      `is empty or missing, and ${mode} needs it; write \`exclude: ["dev-*"]\` with your patterns, or \`mode: ${plain}\``,
    );
  }
  if (mode === plain && exclude.length > 0) {
    report(["exclude"], `is refused with ${mode}; write \`mode: ${mode}_WITH_EXCLUSION\` instead, or remove it`);
  }
  exclude.forEach((filter, index) => {
    if (exclude.indexOf(filter) < index)
      report(["exclude", index], `${JSON.stringify(filter)} stands here twice; write it once`);
  });
}

/** A creation template takes a full key ARN only, and KMS_DSSE exists in AWS GovCloud (US) only: user guide, "Encryption at rest". */
function checkKey(value: Readonly<Record<string, unknown>>, report: Report): void {
  const { type, kmsKey } = value;
  if (type === "AES256" && kmsKey !== undefined)
    report(["kmsKey"], "is refused with AES256; remove it, or write `type: KMS` instead");
  if ((type === "KMS" || type === "KMS_DSSE") && kmsKey === undefined) {
    report(
      ["kmsKey"],
      `is missing, and ${type} needs it; write \`kmsKey: arn:aws:kms:REGION:ACCOUNT:key/ID\` with your key`,
    );
  }
  if (
    type === "KMS_DSSE" &&
    typeof kmsKey === "string" &&
    KMS_KEY.test(kmsKey) &&
    !kmsKey.startsWith("arn:aws-us-gov:")
  ) {
    report(["type"], "KMS_DSSE is there in AWS GovCloud (US) only, and the key is not; write `type: KMS` instead");
  }
}

function checkTags(value: Readonly<Record<string, unknown>>, report: Report): void {
  const entries = Object.entries(value);
  if (entries.length > 50) report([], `has ${entries.length} tags; ECR takes 50 for a repository; write fewer`);
  for (const [key, text] of entries) {
    const quoted = JSON.stringify(key);
    if (/^aws:/i.test(key))
      report([key], `the tag ${quoted} begins with "aws:", which is reserved for AWS; write another key instead`);
    if (key === "" || key.length > 128)
      report([key], `the tag key ${quoted} has ${key.length} characters; write 1 to 128 instead`);
    if (typeof text === "string" && text.length > 256)
      report([key], `is ${text.length} characters long; write 256 at most`);
    for (const part of [key, text]) {
      if (typeof part !== "string" || TAG_TEXT.test(part)) continue;
      report(
        [key],
        `${JSON.stringify(part)} has a character that AWS takes in no tag; write letters, digits, spaces and . _ : / = + - @ instead`,
      );
    }
  }
}
