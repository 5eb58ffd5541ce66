/** A small stack with a REST API, synthesized the way the CDK does it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, Duration, Stack } from "aws-cdk-lib";
import {
  AuthorizationType,
  type CfnMethod,
  EndpointType,
  LambdaIntegration,
  MockIntegration,
  RestApi,
} from "aws-cdk-lib/aws-apigateway";
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { readTemplate } from "../../../../local/template/read-template.ts";
import { temporaryFolder } from "../template/assembly-folder.ts";

/** The template of the API `Api`, stage `v1`, in account 123456789012, eu-west-1. */
export function tinyApi() {
  const folder = temporaryFolder();
  const codeDir = join(folder, "code");
  mkdirSync(codeDir);
  writeFileSync(join(codeDir, "index.cjs"), "exports.handler = async () => ({});");

  const app = new App({ outdir: join(folder, "cdk.out"), analyticsReporting: false });
  const stack = new Stack(app, "Tiny");
  const handler = new LambdaFunction(stack, "Rest", {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromAsset(codeDir),
  });
  const api = new RestApi(stack, "Api", {
    cloudWatchRole: false,
    endpointConfiguration: { types: [EndpointType.PRIVATE] },
    binaryMediaTypes: ["image/png"],
    defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
    deployOptions: { stageName: "v1", variables: { colour: "blue" } },
    policy: new PolicyDocument({
      statements: [
        new PolicyStatement({
          actions: ["execute-api:Invoke"],
          principals: [new AccountRootPrincipal()],
          resources: ["execute-api:/*"],
        }),
      ],
    }),
  });
  const integration = new LambdaIntegration(handler, { timeout: Duration.seconds(5) });
  api.root.addMethod("GET", integration);
  const repositories = api.root.addResource("repositories");
  repositories.addMethod("POST", integration);
  repositories.addResource("{name}").addResource("plan").addMethod("GET", integration);
  api.root.addResource("images").addResource("{name+}").addMethod("ANY", integration);
  const open = api.root.addResource("health");
  open.addMethod("GET", new LambdaIntegration(handler), { authorizationType: AuthorizationType.NONE });
  open.addMethod("OPTIONS", new MockIntegration(), { authorizationType: AuthorizationType.NONE });
  const people = api.root.addResource("people").addMethod("GET", integration);
  (people.node.defaultChild as CfnMethod).authorizationType = AuthorizationType.COGNITO;

  const assemblyDir = app.synth().directory;
  return readTemplate({ assemblyDir, accountId: "123456789012", region: "eu-west-1" });
}
