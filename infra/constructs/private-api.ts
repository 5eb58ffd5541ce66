import { type Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  AccessLogField,
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from "aws-cdk-lib/aws-apigateway";
import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";

export interface PrivateApiProps {
  readonly description: string;
  readonly handler: LambdaFunction;
  /** 29 seconds at most, which is API Gateway's own limit for a private API. */
  readonly timeout: Duration;
  readonly callers: ApiCallers;
}

/** Who may reach the API besides this account's own principals, and by which way. */
export interface ApiCallers {
  /** The interface endpoints of execute-api that requests may come through; none for any. */
  readonly vpcEndpointIds: readonly string[];
  /** The organization whose other accounts may call it, too. */
  readonly organizationId?: string | undefined;
}

/** Requests a second, and at once, of all callers together: people and pipelines, not a data path. */
const RATE = { perSecond: 50, burst: 100 } as const;

/**
 * A REST API that is reached through VPC endpoints only, each request signed. One resource takes all paths, since the function knows its routes
 * and answers for those that are not there; a caller's policy may name paths all the same. What is signed wrongly never reaches the
 * function. Bodies are in no log.
 */
export class PrivateApi extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, { description, handler, timeout, callers }: PrivateApiProps) {
    super(scope, id);
    const accessLog = new LogGroup(this, "AccessLog", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.api = new RestApi(this, "Default", {
      restApiName: Stack.of(this).stackName,
      description,
      endpointConfiguration: { types: [EndpointType.PRIVATE] },
      policy: policyFor(callers, Stack.of(this).account),
      // Without it an account that has never logged a REST API cannot deploy one that does; it stays when the stack goes.
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
      deployOptions: {
        stageName: "v1",
        throttlingRateLimit: RATE.perSecond,
        throttlingBurstLimit: RATE.burst,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    const integration = new LambdaIntegration(handler, { timeout, allowTestInvoke: false });
    this.api.root.addMethod("ANY", integration);
    this.api.root.addResource("{proxy+}").addMethod("ANY", integration);
    acknowledge(this, {
      "AwsSolutions-COG4":
        "Its callers are roles and pipelines of the account, not users of a pool: each request is signed (IAM)",
      "AwsSolutions-APIG2":
        "The function checks every request against the schemas that its OpenAPI document is made of",
      "AwsSolutions-APIG3": "No request comes from the internet: the API is private, and each request is signed",
      "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]":
        "API Gateway asks for it by name: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
      "Serverless-APIGWXrayEnabled":
        "Each request has its id in the access log, in the function's log and in its problem",
    });
  }
}

const ACCESS_LOG = {
  requestId: AccessLogField.contextRequestId(),
  time: AccessLogField.contextRequestTime(),
  caller: AccessLogField.contextIdentityUserArn(),
  account: AccessLogField.contextIdentityAccountId(),
  sourceIp: AccessLogField.contextIdentitySourceIp(),
  vpcEndpointId: "$context.identity.vpceId",
  method: AccessLogField.contextHttpMethod(),
  path: AccessLogField.contextPath(),
  status: AccessLogField.contextStatus(),
  latencyMs: AccessLogField.contextResponseLatency(),
  responseBytes: AccessLogField.contextResponseLength(),
  error: AccessLogField.contextErrorMessage(),
};

/**
 * The account as principal lets its own roles and users in as far as their own policies do, and nobody else; one of another account needs both, this
 * policy's word and their own. A private API without any policy lets nobody in.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
 */
function policyFor({ vpcEndpointIds, organizationId }: ApiCallers, account: string): PolicyDocument {
  const what = { actions: ["execute-api:Invoke"], resources: ["execute-api:/*"] };
  return new PolicyDocument({
    statements: [
      new PolicyStatement({ ...what, principals: [new AccountRootPrincipal()] }),
      ...(organizationId === undefined
        ? []
        : [
            new PolicyStatement({
              ...what,
              principals: [new AnyPrincipal()],
              conditions: {
                StringEquals: { "aws:PrincipalOrgID": organizationId },
                // To a principal of this account, a word for everybody would be leave without a policy of its own.
                StringNotEquals: { "aws:PrincipalAccount": account },
              },
            }),
          ]),
      ...(vpcEndpointIds.length === 0
        ? []
        : [
            new PolicyStatement({
              ...what,
              effect: Effect.DENY,
              principals: [new AnyPrincipal()],
              conditions: { StringNotEquals: { "aws:SourceVpce": vpcEndpointIds } },
            }),
          ]),
    ],
  });
}
