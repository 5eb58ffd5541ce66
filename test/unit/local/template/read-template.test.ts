import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTemplate } from "../../../../local/template/read-template.ts";
import { assemblyWith, read } from "./assembly-folder.ts";

const trust = {
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
};
const role = (properties: object = {}) => ({
  Type: "AWS::IAM::Role",
  Properties: { RoleName: "worker", AssumeRolePolicyDocument: trust, ...properties },
});
const handler = (properties: object = {}) => ({
  Type: "AWS::Lambda::Function",
  Properties: {
    FunctionName: "work",
    Code: { S3Bucket: "b", S3Key: "code.zip" },
    Handler: "index.handler",
    Runtime: "nodejs24.x",
    Role: { "Fn::GetAtt": ["Role", "Arn"] },
    ...properties,
  },
});
const queue = (properties: object = {}) => ({
  Type: "AWS::SQS::Queue",
  Properties: { QueueName: "jobs", ...properties },
});

describe("functions", () => {
  it("reads a function with its code folder and Lambda's defaults", () => {
    const assemblyDir = assemblyWith({ Resources: { Role: role(), Work: handler() } });

    const { functions } = readTemplate({ assemblyDir, accountId: "123456789012", region: "eu-west-1" });

    expect(functions).toEqual([
      {
        logicalId: "Work",
        name: "work",
        arn: "arn:aws:lambda:eu-west-1:123456789012:function:work",
        runtime: "nodejs24.x",
        handler: "index.handler",
        codeDir: join(assemblyDir, "asset.code"),
        environment: {},
        timeoutSeconds: 3,
        memoryMb: 128,
        roleArn: "arn:aws:iam::123456789012:role/worker",
        logGroupName: "/aws/lambda/work",
      },
    ]);
  });

  it("reads environment, timeout, memory, log group and reserved concurrency", () => {
    const { functions } = read({
      Role: role(),
      Logs: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "all" } },
      Work: handler({
        Environment: { Variables: { ROLE: { "Fn::GetAtt": ["Role", "Arn"] }, NUMBER: 3 } },
        Timeout: 30,
        MemorySize: 256,
        ReservedConcurrentExecutions: 2,
        LoggingConfig: { LogGroup: { Ref: "Logs" } },
      }),
    });

    expect(functions[0]).toMatchObject({
      environment: { ROLE: "arn:aws:iam::123456789012:role/worker", NUMBER: "3" },
      timeoutSeconds: 30,
      memoryMb: 256,
      reservedConcurrency: 2,
      logGroupName: "all",
    });
  });

  it("refuses an environment variable that Lambda keeps for itself", () => {
    expect(() => read({ Role: role(), Work: handler({ Environment: { Variables: { AWS_REGION: "x" } } }) })).toThrow(
      "Resources.Work.Properties.Environment sets AWS_REGION, which Lambda keeps for itself",
    );
  });

  it("lists a function that is not Node.js, or has its code inline, as unsupported", () => {
    const { functions, unsupported } = read({
      Role: role(),
      Python: handler({ Runtime: "python3.13" }),
      Inline: handler({ Code: { ZipFile: "exports.handler = 1" } }),
    });

    expect(functions).toEqual([]);
    expect(unsupported.map(({ logicalId, reason }) => `${logicalId}: ${reason}`)).toEqual([
      "Python: runtime python3.13",
      "Inline: its code is not a folder of the assembly",
    ]);
  });
});

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

describe("queues", () => {
  it("reads redrive, times and the queue policy, with SQS's defaults", () => {
    const statement = { Effect: "Allow", Action: "sqs:SendMessage", Resource: { "Fn::GetAtt": ["Jobs", "Arn"] } };
    const { queues } = read({
      Dead: queue({ QueueName: "dead", MessageRetentionPeriod: 1_209_600 }),
      Jobs: queue({
        VisibilityTimeout: 60,
        RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["Dead", "Arn"] }, maxReceiveCount: 5 },
      }),
      Policy: {
        Type: "AWS::SQS::QueuePolicy",
        Properties: { PolicyDocument: { Statement: [statement] }, Queues: [{ Ref: "Jobs" }] },
      },
    });

    const defaults = { delaySeconds: 0, receiveWaitSeconds: 0, maximumMessageBytes: 1_048_576 };
    expect(queues).toEqual([
      {
        logicalId: "Dead",
        name: "dead",
        url: "https://sqs.eu-west-1.amazonaws.com/123456789012/dead",
        arn: "arn:aws:sqs:eu-west-1:123456789012:dead",
        visibilityTimeoutSeconds: 30,
        retentionSeconds: 1_209_600,
        ...defaults,
        policy: [],
      },
      {
        logicalId: "Jobs",
        name: "jobs",
        url: "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
        arn: "arn:aws:sqs:eu-west-1:123456789012:jobs",
        visibilityTimeoutSeconds: 60,
        retentionSeconds: 345_600,
        ...defaults,
        redrive: { deadLetterArn: "arn:aws:sqs:eu-west-1:123456789012:dead", maxReceiveCount: 5 },
        policy: [{ ...statement, Resource: "arn:aws:sqs:eu-west-1:123456789012:jobs" }],
      },
    ]);
  });

  it("refuses a value outside its range", () => {
    expect(() => read({ Jobs: queue({ VisibilityTimeout: 50_000 }) })).toThrow(
      "Resources.Jobs.Properties.VisibilityTimeout must be a whole number from 0 to 43200, but is 50000",
    );
  });

  it("lists a FIFO queue as unsupported", () => {
    const { queues, unsupported } = read({ Jobs: queue({ FifoQueue: true }) });

    expect([queues, unsupported[0]?.reason]).toEqual([[], "FIFO queues have no local form"]);
  });
});

describe("rules", () => {
  it("reads pattern, schedule, state and targets", () => {
    const arn = { "Fn::GetAtt": ["Jobs", "Arn"] };
    const { rules } = read({
      Jobs: queue(),
      Rule: {
        Type: "AWS::Events::Rule",
        Properties: {
          Name: "on-push",
          State: "DISABLED",
          EventPattern: { source: ["aws.ecr"], detail: { "stack-id": [{ Ref: "AWS::StackName" }] } },
          ScheduleExpression: "rate(1 hour)",
          Targets: [
            { Id: "A", Arn: arn, DeadLetterConfig: { Arn: arn }, InputPath: "$.detail" },
            {
              Id: "B",
              Arn: arn,
              InputTransformer: { InputPathsMap: { name: "$.detail.name" }, InputTemplate: '"<name>"' },
            },
          ],
        },
      },
    });

    const jobs = "arn:aws:sqs:eu-west-1:123456789012:jobs";
    expect(rules).toEqual([
      {
        logicalId: "Rule",
        name: "on-push",
        arn: "arn:aws:events:eu-west-1:123456789012:rule/on-push",
        state: "DISABLED",
        pattern: { source: ["aws.ecr"], detail: { "stack-id": ["Tiny"] } },
        schedule: "rate(1 hour)",
        targets: [
          { id: "A", arn: jobs, inputPath: "$.detail", deadLetterArn: jobs },
          { id: "B", arn: jobs, inputTransformer: { paths: { name: "$.detail.name" }, template: '"<name>"' } },
        ],
      },
    ]);
  });

  it("lists a rule on another bus, and what it does not act on in a target", () => {
    const { unsupported } = read({
      Other: { Type: "AWS::Events::Rule", Properties: { EventBusName: "mine", EventPattern: { source: ["a"] } } },
      Rule: {
        Type: "AWS::Events::Rule",
        Properties: { EventPattern: { source: ["a"] }, Targets: [{ Id: "A", Arn: "arn:x", EcsParameters: {} }] },
      },
    });

    expect(unsupported.map(({ reason }) => reason)).toEqual([
      "its bus 'mine' is not the default bus",
      "EcsParameters of target 'A' is not acted on",
    ]);
  });
});

describe("event source mappings", () => {
  const mapping = (properties: object = {}) => ({
    Type: "AWS::Lambda::EventSourceMapping",
    Properties: { EventSourceArn: { "Fn::GetAtt": ["Jobs", "Arn"] }, FunctionName: { Ref: "Work" }, ...properties },
  });
  const base = { Role: role(), Work: handler(), Jobs: queue() };

  it("joins queue and function with batch, window, partial responses and concurrency", () => {
    const { eventSourceMappings } = read({
      ...base,
      Mapping: mapping({
        BatchSize: 20,
        MaximumBatchingWindowInSeconds: 5,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        ScalingConfig: { MaximumConcurrency: 2 },
      }),
    });

    expect(eventSourceMappings).toEqual([
      {
        logicalId: "Mapping",
        functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:work",
        queueArn: "arn:aws:sqs:eu-west-1:123456789012:jobs",
        enabled: true,
        batchSize: 20,
        maximumBatchingWindowSeconds: 5,
        reportBatchItemFailures: true,
        maximumConcurrency: 2,
      },
    ]);
  });

  it("refuses a queue whose visibility timeout is shorter than the function's timeout, as Lambda does", () => {
    expect(() => read({ ...base, Work: handler({ Timeout: 60 }), Mapping: mapping() })).toThrow(
      "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds",
    );
  });

  it("refuses a batch of more than 10 without a window", () => {
    expect(() => read({ ...base, Mapping: mapping({ BatchSize: 11 }) })).toThrow(
      "Resources.Mapping.Properties.BatchSize 11 needs MaximumBatchingWindowInSeconds of at least 1",
    );
  });
});

describe("the whole", () => {
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
