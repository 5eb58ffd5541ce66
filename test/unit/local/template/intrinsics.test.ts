// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of Fn::Sub are written so
import { describe, expect, it } from "vitest";
import { read, resolved } from "./assembly-folder.ts";

describe("intrinsic functions", () => {
  it.each<[string, unknown, unknown]>([
    ["a pseudo parameter", { Ref: "AWS::AccountId" }, "123456789012"],
    ["the region", { Ref: "AWS::Region" }, "eu-west-1"],
    ["the partition", { Ref: "AWS::Partition" }, "aws"],
    ["the URL suffix", { Ref: "AWS::URLSuffix" }, "amazonaws.com"],
    ["the stack name", { Ref: "AWS::StackName" }, "Tiny"],
    ["the URL of a queue", { Ref: "Queue" }, "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"],
    ["the ARN of a queue", { "Fn::GetAtt": ["Queue", "Arn"] }, "arn:aws:sqs:eu-west-1:123456789012:jobs"],
    ["an attribute written with a dot", { "Fn::GetAtt": "Queue.QueueName" }, "jobs"],
    ["Fn::Join with nested parts", { "Fn::Join": ["-", ["a", { Ref: "AWS::Region" }, 3]] }, "a-eu-west-1-3"],
    ["Fn::Join over Fn::Split", { "Fn::Join": ["+", { "Fn::Split": ["/", "a/b"] }] }, "a+b"],
    ["Fn::Select", { "Fn::Select": ["1", ["a", { Ref: "AWS::Region" }]] }, "eu-west-1"],
    ["Fn::Select over Fn::Split", { "Fn::Select": [2, { "Fn::Split": ["|", "a|b|c"] }] }, "c"],
    [
      "Fn::Sub",
      { "Fn::Sub": "${AWS::Partition}:${Queue.Arn}:${!Literal}" },
      "aws:arn:aws:sqs:eu-west-1:123456789012:jobs:${Literal}",
    ],
    [
      "Fn::Sub with its own variables",
      { "Fn::Sub": ["${who}-${AWS::Region}", { who: { Ref: "AWS::StackName" } }] },
      "Tiny-eu-west-1",
    ],
    ["Fn::Base64", { "Fn::Base64": "jobs" }, "am9icw=="],
    ["Fn::GetAZs", { "Fn::Select": [0, { "Fn::GetAZs": "" }] }, "eu-west-1a"],
    [
      "what is no intrinsic",
      { Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ],
  ])("resolves %s", (_, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  it("leaves out what is AWS::NoValue, in objects and lists", () => {
    expect(resolved({ a: { Ref: "AWS::NoValue" }, b: [{ Ref: "AWS::NoValue" }, 1] })).toEqual({ b: [1] });
  });

  it("takes a parameter's default, and a given value before it", () => {
    const sections = {
      Parameters: { Size: { Type: "Number", Default: 4 }, Names: { Type: "CommaDelimitedList", Default: "a,b" } },
    };

    expect(resolved([{ Ref: "Size" }, { Ref: "Names" }], sections)).toEqual([4, ["a", "b"]]);
    expect(read({}, sections, { parameters: { Size: "9" } }).resolve({ Ref: "Size" }, "Here")).toBe("9");
  });

  it("chooses by conditions that build on each other", () => {
    const sections = {
      Parameters: { Stage: { Type: "String", Default: "prod" } },
      Conditions: {
        IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
        IsDev: { "Fn::Not": [{ Condition: "IsProd" }] },
        Both: { "Fn::And": [{ Condition: "IsProd" }, { Condition: "IsDev" }] },
        Any: { "Fn::Or": [{ Condition: "IsProd" }, { Condition: "IsDev" }] },
      },
    };
    const answer = (name: string) => resolved({ "Fn::If": [name, "yes", { Ref: "Nowhere" }] }, sections);

    expect([answer("IsProd"), answer("Any")]).toEqual(["yes", "yes"]);
    expect(() => answer("Both")).toThrow("Here cannot be resolved: Ref: there is no parameter or resource 'Nowhere'");
  });

  it("finds in a mapping, and takes the default value otherwise", () => {
    const sections = { Mappings: { Sizes: { "eu-west-1": { small: "128" } } } };
    const find = (second: string, ...more: unknown[]) => ({
      "Fn::FindInMap": ["Sizes", { Ref: "AWS::Region" }, second, ...more],
    });

    expect(resolved(find("small"), sections)).toBe("128");
    expect(resolved(find("large", { DefaultValue: "64" }), sections)).toBe("64");
    expect(() => resolved(find("large"), sections)).toThrow(
      "Here cannot be resolved: Fn::FindInMap: mapping 'Sizes' has no 'eu-west-1' with 'large'",
    );
  });

  it.each<[string, unknown, string]>([
    [
      "an unknown name",
      { a: [{ Ref: "Gone" }] },
      "Here.a[0] cannot be resolved: Ref: there is no parameter or resource 'Gone'",
    ],
    [
      "an unknown attribute",
      { "Fn::GetAtt": ["Queue", "Colour"] },
      "Here cannot be resolved: Fn::GetAtt: there is no attribute 'Colour' of a resource 'Queue'",
    ],
    [
      "another stack's export",
      { "Fn::ImportValue": "x" },
      "Here cannot be resolved: Fn::ImportValue: 'x' is exported by another stack",
    ],
    [
      "a function without a local form",
      { "Fn::Cidr": ["10.0.0.0/8", 2] },
      "Here cannot be resolved: Fn::Cidr has no local form",
    ],
    [
      "an index outside the list",
      { "Fn::Select": [3, ["a"]] },
      "Here cannot be resolved: Fn::Select: index 3 is not in a list of 1",
    ],
    [
      "a dynamic reference",
      "{{resolve:ssm:/a}}",
      "Here cannot be resolved: a dynamic reference to ssm is known only to AWS",
    ],
    [
      "a name in Fn::Sub",
      { "Fn::Sub": "${Gone}" },
      "Here cannot be resolved: Fn::Sub: there is no parameter or resource 'Gone'",
    ],
  ])("refuses %s and names the path", (_, value, message) => {
    expect(() => resolved(value)).toThrow(message);
  });

  it("refuses a condition that refers to itself", () => {
    const sections = { Conditions: { A: { "Fn::Not": [{ Condition: "B" }] }, B: { "Fn::Not": [{ Condition: "A" }] } } };

    expect(() => resolved({ "Fn::If": ["A", 1, 2] }, sections)).toThrow("Conditions.A refers to itself");
  });

  it("refuses a parameter that only the Parameter Store knows", () => {
    const sections = {
      Parameters: { Version: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk/version" } },
    };

    expect(() => resolved({ Ref: "Version" }, sections)).toThrow("Parameters.Version is read from the Parameter Store");
  });

  it("gives generated names that are the same at every start and fit their limit", () => {
    const long = "VeryLongLogicalIdThatGoesOnAndOnAndOnForMoreThanSixtyFourCharacters";
    const name = () => read({ [long]: { Type: "AWS::IAM::Role", Properties: {} } }).roles[0]?.roleName ?? "";

    expect(name()).toBe(name());
    expect(name()).toMatch(/^Tiny-VeryLongLogicalId\w+-[A-Z2-7]{12}$/);
    expect(name()).toHaveLength(64);
  });

  it("leaves out a resource whose condition is false", () => {
    const template = read(
      { Queue: { Type: "AWS::SQS::Queue", Condition: "Never" } },
      { Conditions: { Never: { "Fn::Equals": ["a", "b"] } } },
    );

    expect([template.queues, template.resources]).toEqual([[], {}]);
  });
});
