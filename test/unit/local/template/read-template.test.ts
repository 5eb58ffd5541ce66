import { describe, expect, it } from "vitest";
import { readTemplate } from "../../../../local/template/read-template.ts";
import { assemblyWith, read } from "./assembly-folder.ts";
import { handler, queue, role } from "./resources.ts";

describe("readTemplate", () => {
  it("lists types without a local form, and not those that change nothing", () => {
    const { unsupported } = read({
      Bucket: { Type: "AWS::S3::Bucket" },
      Alarm: { Type: "AWS::CloudWatch::Alarm", Properties: { Dimensions: [{ "Fn::GetAtt": ["Nowhere", "Name"] }] } },
      Logs: { Type: "AWS::Logs::LogGroup" },
      Board: { Type: "AWS::CloudWatch::Dashboard" },
      Meta: { Type: "AWS::CDK::Metadata" },
    });

    expect(unsupported).toEqual([
      { logicalId: "Bucket", type: "AWS::S3::Bucket", reason: "this type has no local form" },
    ]);
  });

  it("names the resource and the path of an intrinsic that cannot be resolved", () => {
    expect(() =>
      read({ Role: role(), Work: handler({ Environment: { Variables: { URL: { Ref: "Gone" } } } }) }),
    ).toThrow(
      "Resources.Work.Properties.Environment.Variables.URL cannot be resolved: Ref: there is no parameter or resource 'Gone'",
    );
  });

  it("says what is missing: the assembly, the stack, the account id", () => {
    const assemblyDir = assemblyWith({ Resources: {} });
    const at = { accountId: "123456789012", region: "eu-west-1" };

    expect(() => readTemplate({ ...at, assemblyDir: "/nowhere" })).toThrow(
      "/nowhere/manifest.json is not there; synthesize the stack first",
    );
    expect(() => readTemplate({ ...at, assemblyDir, stackName: "Big" })).toThrow(
      "has no stack 'Big'; it holds: 'Tiny'",
    );
    expect(() => readTemplate({ ...at, assemblyDir, accountId: "1" })).toThrow(
      "an account id has 12 digits, but is '1'",
    );
  });

  it("uses the given stack id and queue URL base", () => {
    const { stackId, queues } = read(
      { Jobs: queue() },
      {},
      { stackId: "arn:stack", queueUrlBase: "http://127.0.0.1:1" },
    );

    expect([stackId, queues[0]?.url]).toEqual(["arn:stack", "http://127.0.0.1:1/123456789012/jobs"]);
  });
});
