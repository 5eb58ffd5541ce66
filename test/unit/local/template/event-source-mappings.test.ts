import { describe, expect, it } from "vitest";
import { read } from "./assembly-folder.ts";
import { handler, queue, role } from "./resources.ts";

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
