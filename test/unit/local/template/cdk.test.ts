import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, Aws, Duration, Stack } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { expect, it } from "vitest";
import { readTemplate } from "../../../../local/template/read-template.ts";
import { temporaryFolder } from "./assembly-folder.ts";

/** Synthesizes a small stack the way the CDK does it and gives the folder. */
function synthesize(): string {
  const folder = temporaryFolder();
  const codeDir = join(folder, "code");
  mkdirSync(codeDir);
  writeFileSync(join(codeDir, "index.cjs"), "exports.handler = async () => 'here';");

  const app = new App({ outdir: join(folder, "cdk.out"), analyticsReporting: false });
  const stack = new Stack(app, "Tiny");
  const deadLetters = new Queue(stack, "DeadLetters", { enforceSSL: true });
  const queue = new Queue(stack, "Queue", {
    visibilityTimeout: Duration.seconds(60),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 3 },
  });
  const handler = new LambdaFunction(stack, "Handler", {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromAsset(codeDir),
    timeout: Duration.seconds(10),
    environment: { QUEUE_URL: queue.queueUrl },
  });
  handler.addEventSource(new SqsEventSource(queue, { batchSize: 5, reportBatchItemFailures: true, maxConcurrency: 2 }));
  const target = new SqsQueue(queue, { deadLetterQueue: deadLetters });
  new Rule(stack, "Deployed", { eventPattern: { detail: { "stack-id": [Aws.STACK_ID] } }, targets: [target] });
  new Rule(stack, "Hourly", { schedule: Schedule.rate(Duration.hours(1)), targets: [target] });
  return app.synth().directory;
}

it("reads a stack that the CDK has synthesized", () => {
  const template = readTemplate({ assemblyDir: synthesize(), accountId: "123456789012", region: "eu-west-1" });

  const [deadLetters, queue] = template.queues;
  const [handler] = template.functions;
  const [role] = template.roles;
  expect(template.unsupported).toEqual([]);
  expect(queue).toMatchObject({
    visibilityTimeoutSeconds: 60,
    redrive: { deadLetterArn: deadLetters?.arn, maxReceiveCount: 3 },
  });
  expect(handler).toMatchObject({ timeoutSeconds: 10, environment: { QUEUE_URL: queue?.url }, roleArn: role?.roleArn });
  expect(readFileSync(join(handler?.codeDir ?? "", "index.cjs"), "utf8")).toContain("'here'");
  expect(role?.statements).toContainEqual({
    Effect: "Allow",
    Action: [
      "sqs:ReceiveMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueUrl",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
    ],
    Resource: queue?.arn,
  });
  expect(template.eventSourceMappings).toMatchObject([
    {
      functionArn: handler?.arn,
      queueArn: queue?.arn,
      batchSize: 5,
      reportBatchItemFailures: true,
      maximumConcurrency: 2,
    },
  ]);
  expect(template.rules.map(({ pattern, schedule, targets }) => ({ pattern, schedule, targets }))).toEqual([
    {
      pattern: { detail: { "stack-id": [template.stackId] } },
      schedule: undefined,
      targets: [{ id: "Target0", arn: queue?.arn, deadLetterArn: deadLetters?.arn }],
    },
    {
      pattern: undefined,
      schedule: "rate(1 hour)",
      targets: [{ id: "Target0", arn: queue?.arn, deadLetterArn: deadLetters?.arn }],
    },
  ]);
  expect(template.stackId).toMatch(/^arn:aws:cloudformation:eu-west-1:123456789012:stack\/Tiny\/[0-9a-f-]{36}$/);
});
