import { describe, expect, it } from "vitest";
import { evaluate, type PolicyStatement, type RequestContext } from "../../../../local/aws/iam.ts";

/** A policy variable, spelled so that it does not look like a template literal. */
const variable = (name: string) => `${"$"}{${name}}`;
const repository = "arn:aws:ecr:eu-west-1:123456789012:repository/team-a/web";

function decide(statement: Partial<PolicyStatement>, conditions: RequestContext = {}, resource = repository) {
  const whole: PolicyStatement = { Effect: "Allow", ...statement } as PolicyStatement;
  return evaluate([whole], { action: "ecr:PutImage", resource, conditions });
}

describe("policy evaluation", () => {
  it("denies what nothing allows, allows what one statement allows, and lets an explicit deny win", () => {
    const allow: PolicyStatement = { Effect: "Allow", Action: "ecr:*", Resource: "*" };
    const deny: PolicyStatement = { Effect: "Deny", Action: "ecr:Put*", Resource: "*" };
    const request = { action: "ecr:PutImage", resource: repository, conditions: {} };

    expect(evaluate([], request)).toBe("denied");
    expect(evaluate([allow], request)).toBe("allowed");
    expect(evaluate([allow, deny], request)).toBe("explicit-deny");
    expect(evaluate([deny], { ...request, action: "ecr:GetImage" })).toBe("denied");
  });

  it.each([
    [{ Action: "ECR:putimage" }, "allowed"],
    [{ Action: ["ecr:Get*", "ecr:Put?mage"] }, "allowed"],
    [{ Action: "ecr:Put" }, "denied"],
    [{ Action: "ecrX:PutImage" }, "denied"],
    [{ NotAction: "ecr:Delete*" }, "allowed"],
    [{ NotAction: ["ecr:Delete*", "ecr:put*"] }, "denied"],
  ] as const)("reads actions %j: %s", (statement, expected) => {
    expect(decide({ ...statement, Resource: "*" } as Partial<PolicyStatement>)).toBe(expected);
  });

  it.each([
    [{ Resource: "arn:aws:ecr:*:*:repository/*" }, "allowed"],
    [{ Resource: "arn:aws:ecr:eu-west-1:123456789012:repository/team-b/*" }, "denied"],
    [{ Resource: "arn:aws:ecr:eu-west-1:123456789012:repository/Team-a/*" }, "denied"],
    [{ Resource: `arn:aws:ecr:eu-west-1:123456789012:repository/${variable("aws:PrincipalTag/team")}/*` }, "allowed"],
    [{ Resource: `arn:aws:ecr:eu-west-1:123456789012:repository/${variable("aws:username")}/*` }, "denied"],
    [{ Resource: `arn:aws:ecr:eu-west-1:123456789012:repository/${variable("aws:username, 'team-a'")}/*` }, "allowed"],
    [{ NotResource: "arn:aws:ecr:*:*:repository/team-b/*" }, "allowed"],
    [{ NotResource: ["arn:aws:ecr:*:*:repository/team-a/*"] }, "denied"],
  ] as const)("reads resources %j: %s", (statement, expected) => {
    const conditions = { "aws:PrincipalTag/team": "team-a" };

    expect(decide({ ...statement, Action: "*" } as Partial<PolicyStatement>, conditions)).toBe(expected);
  });

  it("takes the value of a variable literally, stars included", () => {
    const statement = { Action: "*", Resource: `x/${variable("aws:username")}` };

    expect(decide(statement, { "aws:username": "*" }, "x/anyone")).toBe("denied");
    expect(decide(statement, { "aws:username": "*" }, "x/*")).toBe("allowed");
    expect(decide({ Action: "*", Resource: `x/${variable("*")}` }, {}, "x/anyone")).toBe("denied");
  });

  const context = {
    "aws:username": "mary",
    "aws:PrincipalArn": "arn:aws:iam::123456789012:role/service/mirror",
    "aws:SecureTransport": "true",
    "ecr:ResourceTag/team": "a",
    "aws:TagKeys": ["owner", "team"],
  };
  it.each<[NonNullable<PolicyStatement["Condition"]>, boolean]>([
    [{ StringEquals: { "aws:username": "mary" } }, true],
    [{ StringEquals: { "AWS:UserName": ["bob", "mary"] } }, true],
    [{ StringEquals: { "aws:username": "m*" } }, false],
    [{ StringEquals: { "ecr:ResourceTag/team": "b" } }, false],
    [{ StringEquals: { "aws:RequestTag/team": "a" } }, false],
    [{ StringEqualsIfExists: { "aws:RequestTag/team": "a" } }, true],
    [{ StringEqualsIfExists: { "aws:username": "bob" } }, false],
    [{ StringNotEquals: { "aws:username": ["mary", "bob"] } }, false],
    [{ StringNotEquals: { "aws:RequestTag/team": "a" } }, true],
    [{ StringEqualsIgnoreCase: { "aws:username": "MARY" } }, true],
    [{ StringLike: { "aws:username": "m?r*" } }, true],
    [{ StringNotLike: { "aws:username": "m*" } }, false],
    [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/*/mirror" } }, true],
    [{ ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/*" } }, true],
    [{ ArnLike: { "aws:PrincipalArn": "arn:*:role/service/mirror" } }, false],
    [{ ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/service/*" } }, false],
    [{ Bool: { "aws:SecureTransport": true } }, true],
    [{ Bool: { "aws:SecureTransport": "false" } }, false],
    [{ Null: { "aws:RequestTag/team": "true" } }, true],
    [{ Null: { "aws:username": "true" } }, false],
    [{ Null: { "aws:username": "false" } }, true],
    [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["owner", "team", "cost"] } }, true],
    [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["owner"] } }, false],
    [{ "ForAllValues:StringEquals": { "aws:Missing": ["owner"] } }, true],
    [{ "ForAnyValue:StringEquals": { "aws:TagKeys": ["team"] } }, true],
    [{ "ForAnyValue:StringLike": { "aws:TagKeys": ["c*"] } }, false],
    [{ "ForAnyValue:StringEquals": { "aws:Missing": ["owner"] } }, false],
    [{ "ForAnyValue:StringNotEquals": { "aws:TagKeys": ["owner"] } }, true],
    [{ "ForAllValues:StringNotEquals": { "aws:TagKeys": ["owner"] } }, false],
    [{ StringEquals: { "aws:username": "mary" }, Bool: { "aws:SecureTransport": "false" } }, false],
  ])("reads conditions %j: %s", (Condition, holds) => {
    expect(decide({ Action: "*", Resource: "*", Condition }, context)).toBe(holds ? "allowed" : "denied");
  });

  it("says that it does not know an operator, even in a statement that does not apply", () => {
    const statement = { Action: "s3:*", Resource: "*", Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } };

    expect(() => decide(statement)).toThrow("policy condition operator 'IpAddress' is not known to the local account");
  });

  it("says that a statement lacks its action or its resource", () => {
    expect(() => decide({ Resource: "*" })).toThrow("policy statement without Action or NotAction");
    expect(() => decide({ Action: "*" })).toThrow("policy statement without Resource or NotResource");
  });
});
