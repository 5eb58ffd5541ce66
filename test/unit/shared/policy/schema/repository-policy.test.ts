import { describe, expect, it } from "vitest";
import { problemsOfTemplate } from "../support.ts";

/** The problems of one statement, a flow map, without the place and the path to it. */
function problemsOf(statement: string): string[] {
  return problemsOfTemplate("repositoryPolicy:", "  Version: 2012-10-17", "  Statement:", `    - ${statement}`).map(
    (line) => line.replace(/^[0-9:]+ {2}templates\[0\]\.repositoryPolicy\.Statement\[0\]\.?/, ""),
  );
}

const pull = "Action: ecr:BatchGetImage";
const everyone =
  '"*" without a Condition would open the repository to everyone; write the accounts or roles, or add a Condition such as aws:PrincipalOrgID';

describe("the schema of a repository policy", () => {
  it.each([
    `{ Effect: Allow, Principal: { AWS: "111122223333" }, ${pull} }`,
    `{ Sid: A, Effect: Allow, Principal: { AWS: ["arn:aws:iam::111122223333:role/ci", "arn:aws-cn:iam::111122223333:root"] }, Action: [ecr:Batch*, "ecr:*"] }`,
    `{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, ${pull}, Condition: { StringLike: { "aws:sourceArn": ["arn:aws:lambda:*"] } } }`,
    `{ Effect: Allow, Principal: "*", ${pull}, Condition: { StringEquals: { aws:PrincipalOrgID: o-1 } } }`,
    '{ Effect: Deny, Principal: "*", NotAction: "ecr:*", Condition: { Bool: { aws:SecureTransport: false } } }',
    `{ Effect: Deny, Principal: { AWS: "*" }, Action: "*" }`,
    `{ Effect: Deny, NotPrincipal: { AWS: "111122223333" }, Action: ecr:DeleteRepository }`,
  ])("accepts %s", (statement) => {
    expect(problemsOf(statement)).toEqual([]);
  });

  it.each([
    [`{ Effect: Allow, Principal: "*", ${pull} }`, `Principal: ${everyone}`],
    [`{ Effect: Allow, Principal: { AWS: "*" }, ${pull} }`, `Principal.AWS: ${everyone}`],
    [`{ Effect: Allow, Principal: { AWS: ["111122223333", "*"] }, ${pull} }`, `Principal.AWS: ${everyone}`],
    [`{ Effect: Allow, Principal: { Service: "*" }, ${pull} }`, `Principal.Service: ${everyone}`],
    [`{ Effect: Allow, Principal: "*", ${pull}, Condition: {} }`, `Principal: ${everyone}`],
    [`{ Effect: Allow, Principal: "*", ${pull}, Condition: { StringEquals: {} } }`, `Principal: ${everyone}`],
    [
      `{ Effect: Allow, NotPrincipal: { AWS: "111122223333" }, ${pull} }`,
      "NotPrincipal: with Allow would open the repository to everyone else; write the Principal that may pull instead",
    ],
    [
      `{ Effect: Allow, ${pull} }`,
      'Principal: is missing; write `Principal: { AWS: "111122223333" }` with your own value',
    ],
    [
      '{ Effect: Allow, Principal: { AWS: "111122223333" } }',
      "Action: is missing; write `Action: ecr:BatchGetImage` with your own value",
    ],
    [
      `{ Effect: Allow, Principal: { AWS: "111122223333" }, ${pull}, NotAction: ecr:PutImage }`,
      "NotAction: stands beside Action; write one of them",
    ],
    [
      `{ Effect: Allow, Principal: "111122223333", ${pull} }`,
      'Principal: is the text "111122223333"; write `Principal: { AWS: "111122223333" }` instead',
    ],
    [
      `{ Effect: Allow, Principal: { AWS: 012345678901 }, ${pull} }`,
      'Principal.AWS: is the number 12345678901, not text; write "012345678901" instead',
    ],
    [
      `{ Effect: Allow, Principal: { AWS: ["111122223333", 012345678901] }, ${pull} }`,
      'Principal.AWS[1]: is the number 12345678901, not text; write "012345678901" instead',
    ],
    [
      `{ Effect: Allow, Principal: { AWS: "arn:aws:iam::111122223333:role/*" }, ${pull} }`,
      'Principal.AWS: "arn:aws:iam::111122223333:role/*" is no principal that IAM takes; write an account id or the whole ARN of an account, role or user instead',
    ],
    [
      `{ Effect: Allow, Principal: { Aws: "111122223333" }, ${pull} }`,
      "Principal.Aws: is no kind of principal; write AWS instead",
    ],
    [
      `{ Effect: Allow, Principal: {}, ${pull} }`,
      'Principal: names nobody; write `{ AWS: "111122223333" }` with your account instead',
    ],
    [
      '{ Effect: Allow, Principal: { AWS: "111122223333" }, Action: BatchGetImage }',
      'Action: "BatchGetImage" is no action of ECR; write ecr:BatchGetImage instead',
    ],
    [
      '{ Effect: Allow, Principal: { AWS: "111122223333" }, Action: [ecr:PutImage, s3:GetObject] }',
      'Action[1]: "s3:GetObject" is no action of ECR; write an action such as ecr:BatchGetImage instead',
    ],
    [
      `{ Effect: allow, Principal: { AWS: "111122223333" }, ${pull} }`,
      'Effect: is "allow", which is not one of Allow, Deny; write Allow instead',
    ],
    [
      `{ Effect: Allow, Principal: { AWS: "111122223333" }, ${pull}, Resource: "*" }`,
      ": Resource is refused by ECR, as the policy belongs to one repository; remove it",
    ],
  ])("refuses %s", (statement, problem) => {
    expect(problemsOf(statement)).toEqual([problem]);
  });

  it.each([
    [
      "{ Version: 2012-10-17, Statement: [] }",
      "4:57  templates[0].repositoryPolicy.Statement: is empty; write at least one statement, or leave repositoryPolicy out",
    ],
    [
      `{ Statement: [{ Effect: Deny, Principal: "*", ${pull} }] }`,
      "4:23  templates[0].repositoryPolicy.Version: is missing; write one of 2012-10-17, 2008-10-17",
    ],
    [
      `{ Version: 2012-10-18, Statement: [{ Effect: Deny, Principal: "*", ${pull} }] }`,
      '4:34  templates[0].repositoryPolicy.Version: is "2012-10-18", which is not one of 2012-10-17, 2008-10-17; write 2012-10-17 instead',
    ],
  ])("refuses the policy %s", (policy, problem) => {
    expect(problemsOfTemplate(`repositoryPolicy: ${policy}`)).toEqual([problem]);
  });

  it("measures the compiled text against ECR's limit", () => {
    const withSid = (length: number) =>
      problemsOfTemplate(
        `repositoryPolicy: { Version: 2012-10-17, Statement: [{ Sid: ${"s".repeat(length)}, Effect: Deny, Principal: "*", Action: "*" }] }`,
      );
    const others = '{"Statement":[{"Action":"*","Effect":"Deny","Principal":"*","Sid":""}],"Version":"2012-10-17"}'
      .length;

    expect(withSid(10_240 - others)).toEqual([]);
    expect(withSid(10_241 - others)).toEqual([
      "4:23  templates[0].repositoryPolicy: is 10241 characters long as JSON; ECR takes 10240; write fewer statements or principals",
    ]);
  });
});
