import { describe, expect, it } from "vitest";
import { startSqs, url } from "./start-sqs.ts";

const jobs = { QueueUrl: url("jobs") };

describe("a message move task", () => {
  const source = { SourceArn: "arn:aws:sqs:eu-west-1:123456789012:dead" };

  it("puts dead letters back and is listed as ended", async () => {
    const sqs = await startSqs();
    sqs.jobs.send({ body: "poison" });
    for (const _ of [1, 2, 3]) {
      await sqs.jobs.receive();
      sqs.clock.advance(30_000);
    }

    const { TaskHandle } = await sqs.ok("StartMessageMoveTask", { ...source, MaxNumberOfMessagesPerSecond: 10 });
    const { Results } = await sqs.ok("ListMessageMoveTasks", source);

    expect(TaskHandle).toMatch(/^[\w+/=]+$/);
    expect(Results).toEqual([
      {
        Status: "COMPLETED",
        SourceArn: source.SourceArn,
        MaxNumberOfMessagesPerSecond: 10,
        ApproximateNumberOfMessagesMoved: 1,
        ApproximateNumberOfMessagesToMove: 1,
        StartedTimestamp: sqs.clock.now().getTime(),
      },
    ]);
    expect((await sqs.ok("ReceiveMessage", jobs)).Messages).toMatchObject([{ Body: "poison" }]);
  });

  it("fails for a message that no queue gave up, and takes it to a queue that is named", async () => {
    const sqs = await startSqs();
    sqs.dead.send({ body: "direct" });

    await sqs.ok("StartMessageMoveTask", source);
    await sqs.ok("StartMessageMoveTask", { ...source, DestinationArn: sqs.jobs.definition.arn });
    const { Results } = await sqs.ok("ListMessageMoveTasks", { ...source, MaxResults: 10 });

    expect(Results).toMatchObject([
      { Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1, DestinationArn: sqs.jobs.definition.arn },
      { Status: "FAILED", FailureReason: "CouldNotDetermineMessageSource", ApproximateNumberOfMessagesToMove: 1 },
    ]);
    expect(sqs.jobs.counts().visible).toBe(1);
  });

  it.each([
    [{ SourceArn: "arn:aws:sqs:eu-west-1:123456789012:gone" }, "SourceArn"],
    [{ ...source, DestinationArn: "arn:gone" }, "DestinationArn"],
  ])("names the queue that is not there: %j", async (input, parameter) => {
    const sqs = await startSqs();

    expect(await sqs.refused("StartMessageMoveTask", input)).toEqual([
      404,
      "com.amazonaws.sqs#ResourceNotFoundException",
      "ResourceNotFoundException;Sender",
      `The resource that you specified for the ${parameter} parameter doesn't exist.`,
    ]);
  });
});
