import { describe, expect, it } from "vitest";
import { read } from "./assembly-folder.ts";
import { queue } from "./resources.ts";

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
