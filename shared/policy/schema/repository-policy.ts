import * as z from "zod";
import { canonicalJson } from "../canonical-json.ts";
import { nearest } from "../nearest.ts";
import { objectRule, type Report, strictObject } from "./strict-object.ts";

/** API model: policyText. */
const LONGEST_TEXT = 10_240;
const PRINCIPAL_KINDS = ["AWS", "Service", "Federated", "CanonicalUser"];
const AWS_PRINCIPAL = /^(\*|[0-9]{12}|arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:[^*?]+)$/;

const EVERYONE =
  '"*" without a Condition would open the repository to everyone; write the accounts or roles, or add a Condition such as aws:PrincipalOrgID';

const texts = z.union([z.string(), z.array(z.string()).min(1)]);
const principal = z.union([z.string(), z.record(z.string(), texts)]);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const statement = strictObject(
  {
    Sid: z
      .string()
      .meta({ description: "Name of the statement.", examples: ["PullByCI"] })
      .exactOptional(),
    Effect: z.enum(["Allow", "Deny"]).meta({ description: "Allow or Deny." }),
    Principal: principal
      .meta({
        description: "Who: accounts, roles, services.",
        examples: [{ AWS: "arn:aws:iam::111122223333:role/ci" }],
      })
      .exactOptional(),
    NotPrincipal: principal
      .meta({ description: "Everyone but these; with Deny only.", examples: [{ AWS: "111122223333" }] })
      .exactOptional(),
    Action: texts.meta({ description: "ecr: actions.", examples: ["ecr:BatchGetImage"] }).exactOptional(),
    NotAction: texts.meta({ description: "All actions but these.", examples: ["ecr:PutImage"] }).exactOptional(),
    Condition: z
      .record(z.string(), z.record(z.string(), z.union([scalar, z.array(scalar)])))
      .meta({
        description: "When the statement holds.",
        examples: [{ StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }],
      })
      .exactOptional(),
  },
  {
    Resource: "Resource is refused by ECR, as the policy belongs to one repository; remove it",
    NotResource: "NotResource is refused by ECR, as the policy belongs to one repository; remove it",
  },
).check(objectRule(checkParts), objectRule(checkPrincipal), objectRule(checkActions), objectRule(refuseEveryone));

/**
 * An IAM policy document as SetRepositoryPolicy takes it, compiled to canonical JSON text. There is no Resource: the policy belongs to
 * one repository, and ECR refuses the element (awsdocs/amazon-ecr-user-guide #20).
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
export const repositoryPolicySchema = strictObject({
  Version: z
    .enum(["2012-10-17", "2008-10-17"])
    .meta({ description: "Version of IAM's language.", examples: ["2012-10-17"] }),
  Id: z
    .string()
    .meta({ description: "Name of the policy.", examples: ["team-a"] })
    .exactOptional(),
  Statement: z.array(statement).min(1, "is empty; write at least one statement, or leave repositoryPolicy out").meta({
    description: "The statements.",
  }),
})
  .transform(canonicalJson)
  .check(
    z.superRefine((text, context) => {
      if (text.length <= LONGEST_TEXT) return;
      context.addIssue(
        `is ${text.length} characters long as JSON; ECR takes ${LONGEST_TEXT}; write fewer statements or principals`,
      );
    }),
  );

type Statement = Readonly<Record<string, unknown>>;

function checkParts(value: Statement, report: Report): void {
  for (const [one, other] of [
    ["Principal", "NotPrincipal"],
    ["Action", "NotAction"],
  ] as const) {
    if (value[one] === undefined && value[other] === undefined) {
      const example = one === "Action" ? "ecr:BatchGetImage" : '{ AWS: "111122223333" }';
      report([one], `is missing; write \`${one}: ${example}\` with your own value`);
    }
    if (value[one] !== undefined && value[other] !== undefined)
      report([other], `stands beside ${one}; write one of them`);
  }
}

function checkPrincipal(value: Statement, report: Report): void {
  for (const key of ["Principal", "NotPrincipal"]) {
    const found = value[key];
    if (typeof found === "string" && found !== "*") {
      report(
        [key],
        `is the text ${JSON.stringify(found)}; write \`${key}: { AWS: ${JSON.stringify(found)} }\` instead`,
      );
    }
    if (!isMap(found)) continue;
    if (Object.keys(found).length === 0)
      report([key], 'names nobody; write `{ AWS: "111122223333" }` with your account instead');
    for (const kind of Object.keys(found)) {
      if (PRINCIPAL_KINDS.includes(kind)) continue;
      report(
        [key, kind],
        `is no kind of principal; write ${nearest(kind, PRINCIPAL_KINDS) ?? `one of ${PRINCIPAL_KINDS.join(", ")}`} instead`,
      );
    }
    eachText(found.AWS, [key, "AWS"], (text, path) => {
      if (AWS_PRINCIPAL.test(text)) return;
      report(
        path,
        `${JSON.stringify(text)} is no principal that IAM takes; write an account id or the whole ARN of an account, role or user instead`,
      );
    });
  }
}

function checkActions(value: Statement, report: Report): void {
  for (const key of ["Action", "NotAction"]) {
    eachText(value[key], [key], (text, path) => {
      if (/^(\*|ecr:[a-z*?]+)$/i.test(text)) return;
      const advice = /^[a-z*?]+$/i.test(text) ? `ecr:${text}` : "an action such as ecr:BatchGetImage";
      report(path, `${JSON.stringify(text)} is no action of ECR; write ${advice} instead`);
    });
  }
}

function refuseEveryone(value: Statement, report: Report): void {
  if (value.Effect !== "Allow" || hasCondition(value.Condition)) return;
  if (value.NotPrincipal !== undefined) {
    report(
      ["NotPrincipal"],
      "with Allow would open the repository to everyone else; write the Principal that may pull instead",
    );
  }
  const principal = value.Principal;
  if (holdsEveryone(principal)) report(["Principal"], EVERYONE);
  if (!isMap(principal)) return;
  for (const [kind, who] of Object.entries(principal)) if (holdsEveryone(who)) report(["Principal", kind], EVERYONE);
}

function holdsEveryone(who: unknown): boolean {
  return who === "*" || (Array.isArray(who) && who.includes("*"));
}

function hasCondition(condition: unknown): boolean {
  return (
    isMap(condition) && Object.values(condition).some((operator) => isMap(operator) && Object.keys(operator).length > 0)
  );
}

function eachText(
  value: unknown,
  path: (string | number)[],
  check: (text: string, path: (string | number)[]) => void,
): void {
  if (typeof value === "string") check(value, path);
  if (!Array.isArray(value)) return;
  value.forEach((element, index) => {
    if (typeof element === "string") check(element, [...path, index]);
  });
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
