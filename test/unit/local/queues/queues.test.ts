import { describe, expect, it } from "vitest";
import { createManualClock } from "../../../../local/events/clock.ts";
import { createQueues } from "../../../../local/queues/queues.ts";
import { bodies, definition, setUp } from "./set-up.ts";

/** Receives the only message of `jobs` twice without deleting it, so that the next receive gives it up. */
async function failTwice({ jobs, clock }: ReturnType<typeof setUp>): Promise<void> {
  for (const _ of [1, 2]) {
    await jobs.receive();
    clock.advance(30_000);
  }
}

describe("redrive", () => {
  it("moves a message to the dead-letter queue when it was received as often as allowed", async () => {
    const account = setUp();
    const { messageId } = account.jobs.send({ body: "poison" });
    await failTwice(account);

    expect(await bodies(account.jobs)).toEqual([]);

    const [dead] = await account.dead.receive();
    expect(dead).toMatchObject({
      messageId,
      body: "poison",
      attributes: {
        DeadLetterQueueSourceArn: "arn:aws:sqs:eu-west-1:123456789012:jobs",
        SentTimestamp: "1772438400000",
      },
    });
  });

  it("gives the messages behind it", async () => {
    const account = setUp();
    account.jobs.send({ body: "poison" });
    await failTwice(account);
    account.jobs.send({ body: "good" });

    expect(await bodies(account.jobs)).toEqual(["good"]);
    expect(await bodies(account.dead)).toEqual(["poison"]);
  });

  it("happens for who waits, as soon as the timeout is over", async () => {
    const { jobs, dead, clock, changes } = setUp();
    jobs.send({ body: "poison" });
    await jobs.receive();
    clock.advance(30_000);
    await jobs.receive();
    const waiting = jobs.receive({ waitSeconds: 60 });

    clock.advance(30_000);

    expect(await bodies(dead)).toEqual(["poison"]);
    clock.advance(60_000);
    expect(await waiting).toEqual([]);
    expect(changes).toContain("jobs 0/0/0");
  });

  it("refuses a dead-letter queue that is not there", () => {
    const redrive = { deadLetterArn: "arn:gone", maxReceiveCount: 1 };

    expect(() => createQueues({ queues: [definition("jobs", { redrive })], clock: createManualClock() })).toThrow(
      "queue 'jobs': there is no dead-letter queue arn:gone",
    );
  });
});

describe("startMoveTask", () => {
  it("moves dead letters back to where they came from, as new messages", async () => {
    const account = setUp();
    const { messageId } = account.jobs.send({ body: "poison" });
    await failTwice(account);
    await account.jobs.receive();

    const task = account.queues.startMoveTask({ sourceArn: account.dead.definition.arn });
    const [message] = await account.jobs.receive();

    expect(task).toMatchObject({ moved: 1, left: 0, taskHandle: expect.any(String) });
    expect(message?.messageId).not.toBe(messageId);
    expect(message?.attributes).toMatchObject({ ApproximateReceiveCount: "1", SentTimestamp: "1772438460000" });
    expect(message?.attributes).not.toHaveProperty("DeadLetterQueueSourceArn");
    expect(account.dead.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it("moves them to another queue when told to", async () => {
    const { jobs, dead, queues } = setUp();
    dead.send({ body: "from a rule" });

    const task = queues.startMoveTask({ sourceArn: dead.definition.arn, destinationArn: jobs.definition.arn });

    expect([task.moved, await bodies(jobs)]).toEqual([1, ["from a rule"]]);
  });

  it("leaves what no queue gave up", async () => {
    const { dead, queues } = setUp();
    dead.send({ body: "from a rule" });

    expect(queues.startMoveTask({ sourceArn: dead.definition.arn })).toMatchObject({ moved: 0, left: 1 });
    expect(await bodies(dead)).toEqual(["from a rule"]);
  });

  it("refuses a queue that is not there, or no dead-letter queue", () => {
    const { jobs, queues } = setUp();

    expect(() => queues.startMoveTask({ sourceArn: "arn:gone" })).toThrow(
      expect.objectContaining({ code: "ResourceNotFoundException" }),
    );
    expect(() => queues.startMoveTask({ sourceArn: jobs.definition.arn })).toThrow(
      "Source queue must be configured as a Dead Letter Queue.",
    );
  });
});

describe("get", () => {
  it("finds a queue by name, ARN and URL, whatever host the URL has", () => {
    const { queues, jobs } = setUp();

    for (const name of ["jobs", jobs.definition.arn, jobs.definition.url, "http://127.0.0.1:4000/123456789012/jobs"]) {
      expect(queues.get(name)).toBe(jobs);
    }
    expect(queues.list()).toHaveLength(2);
  });

  it.each(["gone", "https://sqs.eu-west-1.amazonaws.com/123456789012/gone"])("refuses '%s'", (name) => {
    const { queues } = setUp();

    expect(() => queues.get(name)).toThrow(
      expect.objectContaining({ code: "QueueDoesNotExist", message: "The specified queue does not exist." }),
    );
  });
});
