import type { EnsureRefused } from "../standards/ensure-repository.ts";
import type { ProblemCode } from "./problem.ts";

/** Each refusal of a creation as a problem: what somebody else's repository stands against may be resolved; a rule is a rule. */
export const CREATION_REFUSALS: Readonly<Record<EnsureRefused["rule"], ProblemCode>> = {
  service: "name-refused",
  allow: "name-refused",
  deny: "name-refused",
  pattern: "name-refused",
  "near-name": "name-near",
  "no-template": "repository-ungoverned",
  "kms-key": "creation-refused",
  ecr: "creation-refused",
};
