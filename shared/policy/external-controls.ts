import type { Mutability } from "./schema.ts";

/**
 * Controls of AWS that take IMMUTABLE alone for immutable tags.
 *
 * - Security Hub ECR.2 "fails if a private ECR repository has tag immutability disabled"; it passes "if tag immutability is enabled and has
 *   the value IMMUTABLE", which leaves out IMMUTABLE_WITH_EXCLUSION by its words. Its check is the Config rule below.
 *   https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-2
 * - The Config rule is NON_COMPLIANT "if tag immutability is not enabled". What it makes of the exclusions is not documented: assumed to be
 *   the same as ECR.2, which rests on it.
 *   https://docs.aws.amazon.com/config/latest/developerguide/ecr-private-tag-immutability-enabled.html
 * - Control Tower's rule is printed in its documentation: `ImageTagMutability == "IMMUTABLE"`. It acts on CloudFormation templates before
 *   they are deployed, not on repositories that exist.
 *   https://docs.aws.amazon.com/controltower/latest/userguide/ecr-rules.html#ct-ecr-pr-3-description
 */
const CONTROLS = [
  "Security Hub ECR.2",
  "Config ecr-private-tag-immutability-enabled",
  "Control Tower CT.ECR.PR.3",
] as const;

/**
 * The controls that flag a repository with this mode, whatever its exclusions are. MUTABLE_WITH_EXCLUSION is flagged even when the tags that
 * matter may not be moved, IMMUTABLE_WITH_EXCLUSION even for `sha256-*` alone.
 */
export function controlsThatFlag(mode: Mutability["mode"]): readonly string[] {
  return mode === "IMMUTABLE" ? [] : CONTROLS;
}
