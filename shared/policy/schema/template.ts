import * as z from "zod";
import { lifecyclePolicySchema } from "./lifecycle-policy.ts";
import { repositoryPolicySchema } from "./repository-policy.ts";
import { objectRule, type Report, strictObject } from "./strict-object.ts";
import { checkBothTags, ownerTagsSchema, tagsSchema } from "./tags.ts";
import { templateMutabilitySchema } from "./template-mutability.ts";

/** Limits and patterns: API model of CreateRepositoryCreationTemplate, unless told otherwise; anchored. */
const PREFIX = /^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$/;
const KMS_KEY = /^arn:aws[a-z0-9-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[a-z0-9-]+$/;

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
    .meta({ description: "What the template is for.", examples: ["Services of team A"] })
    .exactOptional(),
  mutability: templateMutabilitySchema.meta({ description: "Whether tags may be moved." }).exactOptional(),
  scanOnPush: z.boolean().meta({ description: "Whether ECR scans an image when it is pushed." }).exactOptional(),
  encryption: encryption.meta({ description: "How ECR encrypts the repository." }).exactOptional(),
  lifecyclePolicy: lifecyclePolicySchema.meta({ description: "ECR's lifecycle policy document." }).exactOptional(),
  repositoryPolicy: repositoryPolicySchema.meta({ description: "IAM policy of the repository." }).exactOptional(),
  tags: tagsSchema
    .meta({
      description: "Tags of the repository; tags that are not named here are left alone.",
      examples: [{ team: "a" }],
    })
    .exactOptional(),
  ownerTags: ownerTagsSchema
    .meta({
      description:
        "Tags filled from the caller who created the repository, where it is known: {role}, {session} (or the user's name), {account}.",
      examples: [{ owner: "{role}" }],
    })
    .exactOptional(),
  createOn: z
    .array(z.enum(["push", "pull-through-cache", "replication"]))
    .refine((values) => new Set(values).size === values.length, "names a creation twice; write each once")
    .default(["push"])
    .meta({
      description: "Creations by ECR itself for which the template is published to ECR; [] for none.",
      examples: [["push", "replication"]],
    }),
}).check(objectRule(checkBothTags));

function prefixRefused(prefix: string): string {
  const words = prefix.toLowerCase().split(/[^a-z0-9./_-]+|\/+/);
  const advice = words.filter((word) => PREFIX.test(word)).join("/");
  const write = PREFIX.test(advice) ? advice : "lower-case words joined by one of . _ - or /, or ROOT";
  return `${JSON.stringify(prefix)} is no prefix that ECR takes; write ${write} instead`;
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
