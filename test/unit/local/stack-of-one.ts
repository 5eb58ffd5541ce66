/** A local account whose stack is one function `work` behind a queue `jobs`: what its role may do is up to the test. */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startLocalAccount } from "../../../local/account.ts";
import { assemblyWith } from "./template/assembly-folder.ts";
import { handler, queue, role } from "./template/resources.ts";

export const roleArn = "arn:aws:iam::123456789012:role/worker";
export const queueUrl = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs";

const { resolve } = createRequire(import.meta.url);

/**
 * What the function does with an instruction, be it its payload or the body of a message: it puts an event or sends a message that holds the same
 * instruction, once less often, and late where it says `delaySeconds`. It tells each run on the timeline.
 */
const CODE = `
const { EventBridgeClient, PutEventsCommand } = require(${JSON.stringify(resolve("@aws-sdk/client-eventbridge"))});
const { SQSClient, SendMessageCommand } = require(${JSON.stringify(resolve("@aws-sdk/client-sqs"))});
const events = new EventBridgeClient({});
const queues = new SQSClient({ useQueueUrlAsEndpoint: false });

async function follow({ action, times, detail, ...rest }) {
  process.stdout.write(JSON.stringify({ decision: "ran", repository: action }) + "\\n");
  if (times === 0) return;
  const next = { ...rest, action, times: times - 1 };
  if (action === "send") return queues.send(new SendMessageCommand({ QueueUrl: "${queueUrl}", MessageBody: JSON.stringify(next), DelaySeconds: next.delaySeconds }));
  const Detail = JSON.stringify({ ...detail, ...next });
  return events.send(new PutEventsCommand({ Entries: [{ Source: "ecr-autopilot", DetailType: "Repository Refused", Detail }] }));
}

exports.handler = async (event) => {
  if (event.Records === undefined) {
    const { $metadata, ...answer } = (await follow(event)) ?? {};
    return answer;
  }
  for (const { body } of event.Records) {
    const message = JSON.parse(body);
    await follow(message.detail ?? message);
  }
  return { batchItemFailures: [] };
};
`;

interface Options {
  /** Statements of the function's role. */
  readonly statements: readonly object[];
  /** Further properties of the function. */
  readonly properties?: object;
  /** Whether its own events come to its queue. */
  readonly hearsItself?: boolean;
}

export async function startStackOfOne({ statements, properties = {}, hearsItself = false }: Options) {
  const policies = [{ PolicyName: "own", PolicyDocument: { Statement: statements } }];
  const mapping = {
    Type: "AWS::Lambda::EventSourceMapping",
    Properties: {
      EventSourceArn: { "Fn::GetAtt": ["Jobs", "Arn"] },
      FunctionName: { Ref: "Work" },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    },
  };
  const rule = {
    Type: "AWS::Events::Rule",
    Properties: {
      EventPattern: { source: ["ecr-autopilot"] },
      Targets: [{ Id: "Jobs", Arn: { "Fn::GetAtt": ["Jobs", "Arn"] } }],
    },
  };
  const assemblyDir = assemblyWith({
    Resources: {
      Role: role(statements.length === 0 ? {} : { Policies: policies }),
      Work: handler({ Timeout: 30, ...properties }),
      Jobs: queue({ VisibilityTimeout: 60 }),
      Mapping: mapping,
      ...(hearsItself && { Own: rule }),
    },
  });
  writeFileSync(join(assemblyDir, "asset.code", "index.cjs"), CODE);
  const account = await startLocalAccount({ assemblyDir, port: 0 });
  onTestFinished(() => account.close());
  const runs = () => account.timeline.after(0).filter(({ what }) => what === "ran").length;
  const uses = () => account.permissionUses().filter(({ principal }) => principal === roleArn);
  return { account, runs, uses };
}
