import { describe, expect, it } from "vitest";
import { read } from "./assembly-folder.ts";
import { role, trust } from "./resources.ts";

describe("roles", () => {
  it("collects the statements of inline, attached, own and AWS managed policies", () => {
    const allow = (action: string) => ({ Effect: "Allow", Action: action, Resource: "*" });
    const document = (action: string) => ({ PolicyDocument: { Statement: [allow(action)] } });
    const { roles, unsupported } = read({
      Role: role({
        Policies: [{ PolicyName: "inline", ...document("a:Inline") }],
        ManagedPolicyArns: [
          {
            "Fn::Join": [
              "",
              ["arn:", { Ref: "AWS::Partition" }, ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
            ],
          },
          { Ref: "Own" },
        ],
      }),
      Attached: { Type: "AWS::IAM::Policy", Properties: { ...document("a:Attached"), Roles: [{ Ref: "Role" }] } },
      Own: { Type: "AWS::IAM::ManagedPolicy", Properties: { ManagedPolicyName: "own", ...document("a:Own") } },
    });

    expect(roles).toEqual([
      {
        logicalId: "Role",
        roleName: "worker",
        roleArn: "arn:aws:iam::123456789012:role/worker",
        statements: [
          allow("a:Attached"),
          allow("a:Inline"),
          {
            Effect: "Allow",
            Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: "*",
          },
          allow("a:Own"),
        ],
        assumeRolePolicy: trust,
      },
    ]);
    expect(unsupported).toEqual([]);
  });

  it("lists a managed policy that is not known here", () => {
    const { unsupported } = read({ Role: role({ ManagedPolicyArns: ["arn:aws:iam::aws:policy/PowerUserAccess"] }) });

    expect(unsupported).toEqual([
      {
        logicalId: "Role",
        type: "AWS::IAM::Role",
        reason: "the statements of arn:aws:iam::aws:policy/PowerUserAccess are not known here, so they allow nothing",
      },
    ]);
  });
});
