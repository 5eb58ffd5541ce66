import * as z from "zod";
import { objectRule, type Report, strictObject } from "./strict-object.ts";

/** Limits and patterns: API model of PutImageTagMutability, unless told otherwise; anchored. */
const FILTER = /^[0-9a-zA-Z._*-]{1,128}$/;
const MOST_FILTERS = 5;
const MODES = ["MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"] as const;

/**
 * Tags of cosign's signatures, attestations and bills of material: `sha256-<hex>.sig` and the like. A second signature rewrites the tag.
 * https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#tag-based-discovery
 */
const SIGNATURES = "sha256-*";

interface TagMutability {
  readonly mode: (typeof MODES)[number];
  readonly exclude: string[];
}

/** `signatureTags` is a way to write an exclusion; the compiled form has mode and exclude only. */
export const templateMutabilitySchema = strictObject({
  mode: z.enum(MODES).meta({
    description:
      "Whether a tag may be moved to another image. WITH_EXCLUSION turns it round for the tags that exclude names.",
  }),
  exclude: z
    .array(z.string().check(z.superRefine(checkFilter)))
    .max(MOST_FILTERS, "has more than five patterns, which is all that ECR takes; write fewer or wider ones")
    .default([])
    .meta({
      description: "1 to 5 tag patterns; at most two * each. Required with WITH_EXCLUSION, refused otherwise.",
      examples: [["dev-*"]],
    }),
  signatureTags: z
    .boolean()
    .default(false)
    .meta({
      description: `Whether signatures are pushed as tags (cosign): excludes ${SIGNATURES} from IMMUTABLE, and so makes it IMMUTABLE_WITH_EXCLUSION.`,
      examples: [true],
    }),
})
  .check(objectRule(checkExclusions), objectRule(checkSignatureTags))
  .transform(({ mode, exclude, signatureTags }) =>
    signatureTags ? withSignatureTags({ mode, exclude }) : { mode, exclude },
  );

/** The same immutability, with tags of signatures left out of it. Takes IMMUTABLE and IMMUTABLE_WITH_EXCLUSION. */
export function withSignatureTags({ exclude }: TagMutability): TagMutability {
  return {
    mode: "IMMUTABLE_WITH_EXCLUSION",
    exclude: exclude.includes(SIGNATURES) ? exclude : [...exclude, SIGNATURES],
  };
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
  const { mode, exclude, signatureTags } = value;
  if (!Array.isArray(exclude) || !MODES.some((known) => known === mode)) return;
  const plain = String(mode).replace("_WITH_EXCLUSION", "");
  const excludesSignatures = signatureTags === true && plain === "IMMUTABLE";
  if (mode !== plain && exclude.length === 0 && !excludesSignatures) {
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

function checkSignatureTags(value: Readonly<Record<string, unknown>>, report: Report): void {
  const { mode, exclude, signatureTags } = value;
  if (signatureTags !== true) return;
  if (mode === "MUTABLE") {
    report(
      ["signatureTags"],
      "is refused with MUTABLE, where every tag may be moved; remove it, or write `mode: IMMUTABLE` instead",
    );
  }
  if (mode === "MUTABLE_WITH_EXCLUSION") {
    report(
      ["signatureTags"],
      "is refused with MUTABLE_WITH_EXCLUSION, whose exclude names the tags that may not be moved; remove it, or write `mode: IMMUTABLE_WITH_EXCLUSION` instead",
    );
  }
  const full = Array.isArray(exclude) && exclude.length === MOST_FILTERS && !exclude.includes(SIGNATURES);
  if (mode === "IMMUTABLE_WITH_EXCLUSION" && full) {
    report(
      ["exclude"],
      `has five patterns, and signatureTags adds ${SIGNATURES}, which makes six; ECR takes five; write fewer or wider ones`,
    );
  }
}
