import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Duration, Stack } from "aws-cdk-lib";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { afterAll, describe, expect, it } from "vitest";
import { type ApiCallers, PrivateApi } from "../../../infra/constructs/private-api.ts";

const directory = mkdtempSync(join(tmpdir(), "ecr-autopilot-private-api-"));
writeFileSync(join(directory, "index.cjs"), "");
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

function resources(callers: ApiCallers): Resource[] {
  const app = new App({ analyticsReporting: false, outdir: mkdtempSync(join(directory, "out-")) });
  const stack = new Stack(app, "Tiny");
  const handler = new LambdaFunction(stack, "Function", {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromAsset(directory, { exclude: ["out-*"] }),
  });
  new PrivateApi(stack, "Api", { description: "d", handler, timeout: Duration.seconds(29), callers });
  return Object.values(app.synth().getStackByName("Tiny").template.Resources);
}

const of = (all: Resource[], type: string) =>
  all.filter(({ Type }) => Type === `AWS::ApiGateway::${type}`).map(({ Properties }) => Properties);
const account = { "Fn::Join": ["", ["arn:", { Ref: "AWS::Partition" }, ":iam::", { Ref: "AWS::AccountId" }, ":root"]] };
const own = { Action: "execute-api:Invoke", Effect: "Allow", Principal: { AWS: account }, Resource: "execute-api:/*" };
const statements = (callers: ApiCallers) =>
  (of(resources(callers), "RestApi")[0]?.Policy as { Statement: unknown[] } | undefined)?.Statement;

describe("the private API", () => {
  it("is reached through VPC endpoints only, and every method wants a signature", () => {
    const all = resources({ vpcEndpointIds: [] });

    expect(of(all, "RestApi")).toMatchObject([{ EndpointConfiguration: { Types: ["PRIVATE"] } }]);
    expect(of(all, "Method").map(({ HttpMethod, AuthorizationType }) => [HttpMethod, AuthorizationType])).toEqual([
      ["ANY", "AWS_IAM"],
      ["ANY", "AWS_IAM"],
    ]);
  });

  it("logs each request without bodies, and holds rates", () => {
    const [stage] = of(resources({ vpcEndpointIds: [] }), "Stage");

    expect(stage).toMatchObject({
      StageName: "v1",
      MethodSettings: [
        { DataTraceEnabled: false, LoggingLevel: "ERROR", ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      ],
    });
    const { Format } = (stage?.AccessLogSetting ?? {}) as { Format?: string };
    expect(Object.keys(JSON.parse(Format ?? "{}"))).toContain("caller");
    expect(Format).not.toMatch(/body|header|querystring/i);
  });

  it("lets in this account's principals, as far as their own policies do", () => {
    expect(statements({ vpcEndpointIds: [] })).toEqual([own]);
  });

  it("takes requests through the given endpoints alone", () => {
    expect(statements({ vpcEndpointIds: ["vpce-1", "vpce-2"] })).toEqual([
      own,
      {
        Action: "execute-api:Invoke",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Resource: "execute-api:/*",
        Condition: { StringNotEquals: { "aws:SourceVpce": ["vpce-1", "vpce-2"] } },
      },
    ]);
  });

  it("lets in the organization's other accounts, and gives this one's principals nothing by that", () => {
    expect(statements({ vpcEndpointIds: [], organizationId: "o-1" })).toEqual([
      own,
      {
        Action: "execute-api:Invoke",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Resource: "execute-api:/*",
        Condition: {
          StringEquals: { "aws:PrincipalOrgID": "o-1" },
          StringNotEquals: { "aws:PrincipalAccount": { Ref: "AWS::AccountId" } },
        },
      },
    ]);
  });
});
