import { describe, expect, it } from "vitest";
import { readRestApis } from "../../../../local/api-gateway/read-rest-apis.ts";
import { read } from "../template/assembly-folder.ts";
import { tinyApi } from "./tiny-api.ts";

/** Resources of a template with one API; `more` is merged into its method. */
function raw(method: Record<string, unknown>, resource: Record<string, unknown> = {}) {
  return readRestApis(
    read({
      Api: { Type: "AWS::ApiGateway::RestApi", Properties: { Name: "raw" } },
      Names: {
        Type: "AWS::ApiGateway::Resource",
        Properties: {
          RestApiId: { Ref: "Api" },
          ParentId: { "Fn::GetAtt": ["Api", "RootResourceId"] },
          PathPart: "names",
          ...resource,
        },
      },
      Get: {
        Type: "AWS::ApiGateway::Method",
        Properties: {
          RestApiId: { Ref: "Api" },
          ResourceId: { Ref: "Names" },
          HttpMethod: "GET",
          AuthorizationType: "AWS_IAM",
          Integration: {
            Type: "AWS_PROXY",
            IntegrationHttpMethod: "POST",
            Uri: "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:f:live/invocations",
          },
          ...method,
        },
      },
    }),
  );
}

describe("the REST APIs of a template", () => {
  it("have the routes, stages and policy that the CDK gave them", () => {
    const template = tinyApi();
    const [fn] = template.functions;

    const [api, ...others] = readRestApis(template);

    expect(others).toEqual([]);
    expect(api).toMatchObject({
      name: "Api",
      id: expect.stringMatching(/^[a-z2-7]{10}$/),
      partition: "aws",
      accountId: "123456789012",
      region: "eu-west-1",
      endpointTypes: ["PRIVATE"],
      binaryMediaTypes: ["image/png"],
      stages: [{ name: "v1", deploymentId: expect.any(String), variables: { colour: "blue" } }],
      policy: [
        {
          Effect: "Allow",
          Action: "execute-api:Invoke",
          Principal: { AWS: "arn:aws:iam::123456789012:root" },
          Resource: "execute-api:/*",
        },
      ],
    });
    const signed = { authorization: "AWS_IAM", functionArn: fn?.arn, timeoutMs: 5000 };
    expect(Object.fromEntries((api?.resources ?? []).map(({ path, methods }) => [path, methods]))).toEqual({
      "/": { GET: signed },
      "/repositories": { POST: signed },
      "/repositories/{name}": {},
      "/repositories/{name}/plan": { GET: signed },
      "/images": {},
      "/images/{name+}": { ANY: signed },
      "/health": { GET: { authorization: "NONE", functionArn: fn?.arn, timeoutMs: 29_000 } },
      "/people": {},
    });
  });

  it("list what has no local form, and leave it out", () => {
    const [api] = readRestApis(tinyApi());

    expect(api?.unsupported.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      "AWS::ApiGateway::Method integration MOCK has no local form: the method is left out",
      "AWS::ApiGateway::Method authorization COGNITO_USER_POOLS has no local form: the method is left out",
    ]);
  });

  it("keep the alias of a function", () => {
    const [api] = raw({});

    expect(api?.resources.find(({ path }) => path === "/names")?.methods.GET?.functionArn).toBe(
      "arn:aws:lambda:eu-west-1:123456789012:function:f:live",
    );
    expect(api?.endpointTypes).toEqual(["EDGE"]);
  });

  it("leave out a method that wants an API key", () => {
    const [api] = raw({ ApiKeyRequired: true });

    expect(api?.resources.every(({ methods }) => Object.keys(methods).length === 0)).toBe(true);
    expect(api?.unsupported).toEqual([
      {
        logicalId: "Get",
        type: "AWS::ApiGateway::Method",
        reason: "ApiKeyRequired: API keys have no local form: the method is left out",
      },
    ]);
  });

  it.each([
    [
      { Integration: { Type: "AWS_PROXY", IntegrationHttpMethod: "POST", Uri: "arn:aws:sqs" } },
      {},
      "Resources.Get.Properties.Integration.Uri must name a Lambda function to invoke, but is 'arn:aws:sqs'",
    ],
    [{ ResourceId: "gone" }, {}, "Resources.Get.Properties.ResourceId: the API has no resource 'gone'"],
    [{}, { ParentId: "gone" }, "do not lead to the root of the API"],
    [{}, { ParentId: { Ref: "Names" } }, "do not lead to the root of the API"],
    [{}, { PathPart: undefined }, "Resources.Names.Properties.PathPart must be a text"],
  ])("are refused with %j %j", (method, resource, message) => {
    expect(() => raw(method, resource)).toThrow(message);
  });
});
