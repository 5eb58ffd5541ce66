import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { countMessages, lookAtDeadLetters, replayAll, replayDeadLetter } from "#shared/messaging/dead-letters.ts";
import { sampleText } from "../../../support/events.ts";

const QUEUE = { function: "create-repository", url: "https://sqs/1/dead", sourceUrl: "https://sqs/1/queue" };

/** A queue behind the `send` of a client: what is received is hidden until it is put back. `fails`: commands that raise an error, and its text. */
function fakeSqs(count: number, fails: Readonly<Record<string, string>> = {}) {
  const bodies = Array.from({ length: count }, (_, index) =>
    sampleText("push-to-missing-repository").replaceAll("team-a/web", `team-a/n${index}`),
  );
  const waiting = bodies.map(
    (Body, index): Message => ({
      MessageId: `m${index}`,
      ReceiptHandle: `r${index}`,
      Body,
      Attributes: { SentTimestamp: String(1_780_000_000_000 + index), ApproximateReceiveCount: "6" },
    }),
  );
  const hidden: Message[] = [];
  const log: string[] = [];
  const send = async (command: { readonly constructor: { readonly name: string } }) => {
    const name = command.constructor.name.replace(/Command$/, "");
    if (name !== "ReceiveMessage" && name !== "ChangeMessageVisibility") log.push(name);
    if (fails[name] !== undefined) throw new Error(fails[name]);
    if (command instanceof ReceiveMessageCommand) {
      const taken = waiting.splice(0, command.input.MaxNumberOfMessages);
      hidden.push(...taken);
      return taken.length === 0 ? {} : { Messages: taken };
    }
    const handle = (command as ChangeMessageVisibilityCommand).input.ReceiptHandle;
    const at = hidden.findIndex(({ ReceiptHandle }) => ReceiptHandle === handle);
    if (command instanceof ChangeMessageVisibilityCommand) waiting.push(...hidden.splice(at, 1));
    if (command instanceof DeleteMessageCommand) hidden.splice(at, 1);
    if (command instanceof SendMessageCommand)
      log.push(`${command.input.QueueUrl} ${command.input.MessageBody === bodies[25]}`);
    if (command instanceof StartMessageMoveTaskCommand)
      log.push(`${command.input.SourceArn} ${command.input.DestinationArn}`);
    if (command instanceof GetQueueAttributesCommand) {
      const isDead = command.input.QueueUrl === QUEUE.url;
      return {
        Attributes: { QueueArn: isDead ? "arn:dead" : "arn:queue", ApproximateNumberOfMessages: isDead ? "26" : "3" },
      };
    }
    return {};
  };
  return { sqs: { send } as unknown as SQSClient, waiting, hidden, log };
}

describe("a look at dead letters", () => {
  it("tells what they are about, and puts all of them back", async () => {
    const { sqs, waiting, hidden } = fakeSqs(26);

    const found = await lookAtDeadLetters(sqs, QUEUE, 100);

    expect(found).toHaveLength(26);
    expect(found[1]).toEqual({
      id: "m1",
      function: "create-repository",
      kind: "AWS API Call via CloudTrail",
      repository: "team-a/n1",
      sentAt: new Date(1_780_000_000_001).toISOString(),
      receives: 6,
    });
    expect([waiting.length, hidden.length]).toEqual([26, 0]);
  });

  it("takes no more than are asked for", async () => {
    const { sqs } = fakeSqs(26);

    expect(await lookAtDeadLetters(sqs, QUEUE, 13)).toHaveLength(13);
  });

  it("shows a message that nobody can read", async () => {
    const { sqs, waiting } = fakeSqs(2);
    Object.assign(waiting[0] ?? {}, { Body: "{", Attributes: {} });
    Object.assign(waiting[1] ?? {}, { Body: '["detail"]' });

    const found = await lookAtDeadLetters(sqs, QUEUE, 10);

    expect(found[0]).toEqual({
      id: "m0",
      function: "create-repository",
      kind: undefined,
      repository: undefined,
      sentAt: undefined,
      receives: 0,
    });
    expect(found[1]?.kind).toBeUndefined();
  });
});

describe("the replay of one dead letter", () => {
  it("sends it to the queue that it came from, then deletes it, and puts the others back", async () => {
    const { sqs, waiting, hidden, log } = fakeSqs(26);

    const replayed = await replayDeadLetter(sqs, QUEUE, "m25");

    expect(replayed).toMatchObject({ id: "m25", repository: "team-a/n25" });
    expect(log).toEqual(["SendMessage", `${QUEUE.sourceUrl} true`, "DeleteMessage"]);
    expect([waiting.length, hidden.length]).toEqual([25, 0]);
  });

  it("deletes nothing when it could not be sent", async () => {
    const { sqs, log, hidden } = fakeSqs(3, { SendMessage: "no permission" });

    await expect(replayDeadLetter(sqs, QUEUE, "m1")).rejects.toMatchObject({ code: "queue-failed", permanent: false });
    expect(log).toEqual(["SendMessage"]);
    // It comes back by itself, once the look is over.
    expect(hidden.map(({ MessageId }) => MessageId)).toEqual(["m1"]);
  });

  it("of an unknown id changes nothing", async () => {
    const { sqs, log, waiting } = fakeSqs(12);

    expect(await replayDeadLetter(sqs, QUEUE, "other")).toBeUndefined();
    expect([log, waiting.length]).toEqual([[], 12]);
  });
});

describe("the replay of all", () => {
  it("is a move task of SQS that names both ends", async () => {
    const { sqs, log } = fakeSqs(3);

    expect(await replayAll(sqs, QUEUE)).toBe("started");
    expect(log.at(-1)).toBe("arn:dead arn:queue");
  });

  it("is under way where one is", async () => {
    const { sqs } = fakeSqs(3, {
      StartMessageMoveTask: "There is already a task running. Only one active task is allowed.",
    });

    expect(await replayAll(sqs, QUEUE)).toBe("running");
  });

  it("raises every other error", async () => {
    const { sqs } = fakeSqs(3, { StartMessageMoveTask: "denied" });

    await expect(replayAll(sqs, QUEUE)).rejects.toMatchObject({ code: "queue-failed" });
  });
});

it("counts what waits, and what was given up", async () => {
  expect(await countMessages(fakeSqs(0).sqs, QUEUE)).toEqual({ waiting: 3, dead: 26 });
});
