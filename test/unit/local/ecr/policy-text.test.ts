import { describe, expect, it } from "vitest";
import { policyAsKept } from "../../../../local/ecr/policy-text.ts";

/** Request and response of the CreateRepositoryCreationTemplate sample in ECR's API reference. */
const sent =
  '{\r\n  "Version": "2012-10-17",\r\n  "Statement": [\r\n    {\r\n      "Sid": "LambdaECRPullPolicy",\r\n      "Effect": "Allow",\r\n      "Principal": {\r\n        "Service": "lambda.amazonaws.com"\r\n      },\r\n      "Action": "ecr:BatchGetImage"\r\n    }\r\n  ]\r\n}';
const received =
  '{\n  "Version" : "2012-10-17",\n  "Statement" : [ {\n    "Sid" : "LambdaECRPullPolicy",\n    "Effect" : "Allow",\n    "Principal" : {\n      "Service" : "lambda.amazonaws.com"\n    },\n    "Action" : "ecr:BatchGetImage"\n  } ]\n}';

const statement = { Effect: "Allow", Principal: "*", Action: ["ecr:BatchGetImage", "ecr:ListImages"] };
const policy = (Statement: unknown) => JSON.stringify({ Version: "2012-10-17", Statement });

describe("policy text", () => {
  it("comes back in the service's format, as documented", () => {
    expect(policyAsKept(sent, "repository")).toBe(received);
  });

  it("shows lists and empty values as the service's printer does", () => {
    const text = policyAsKept(policy({ ...statement, Condition: {}, Sid: "" }), "repository");

    expect(text).toContain('"Action" : [ "ecr:BatchGetImage", "ecr:ListImages" ]');
    expect(text).toContain('"Condition" : { }');
  });

  it.each([
    ["what is not JSON", "{"],
    ["what is no object", '"policy"'],
    ["a policy without statements", "{}"],
    ["a policy with no statement in it", policy([])],
    ["a statement without effect", policy([{ ...statement, Effect: undefined }])],
    ["a statement without principal", policy([{ ...statement, Principal: undefined }])],
    ["a statement without action", policy([{ ...statement, Action: undefined }])],
    ["a statement with a resource", policy([{ ...statement, Resource: "*" }])],
    ["a statement that is null", policy([null])],
  ])("of a repository is refused for %s", (_, text) => {
    expect(() => policyAsKept(text, "repository")).toThrow(
      "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
    );
  });

  it("of a registry names its resource", () => {
    expect(policyAsKept(policy([{ ...statement, Resource: "*" }]), "registry")).toContain('"Resource" : "*"');
    expect(() => policyAsKept(policy([statement]), "registry")).toThrow("'Invalid registry policy provided'");
  });
});
