import { describe, expect, it } from "vitest";
import { read } from "./assembly-folder.ts";
import { queue } from "./resources.ts";

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
