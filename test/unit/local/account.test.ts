import { describe, expect, it } from "vitest";
import { roleArn, startStackOfOne } from "./stack-of-one.ts";

const putEvents = {
  Effect: "Allow",
  Action: "events:PutEvents",
  Resource: "arn:aws:events:eu-west-1:123456789012:event-bus/default",
};
const sendMessage = {
  Effect: "Allow",
  Action: "sqs:SendMessage",
  Resource: "arn:aws:sqs:eu-west-1:123456789012:jobs",
};

describe("a function's own events and messages", () => {
  it("are taken from a role that may put events on the default bus, and told on the timeline", async () => {
    const { account, uses } = await startStackOfOne({ statements: [putEvents] });
    const detail = { version: 1, function: "work", repository: "team-a/web", reason: "no template covers it" };

    const answer = await account.invokeDirect("work", { action: "put", times: 1, detail });
    await account.idle();

    expect(answer).toEqual({ payload: { FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] } });
    expect(account.timeline.after(0).filter(({ who }) => who === "ecr-autopilot")).toMatchObject([
      {
        kind: "event",
        what: "Repository Refused",
        repository: "team-a/web",
        text: "Repository Refused: no template covers it",
        facts: { event: { source: "ecr-autopilot", detail } },
      },
    ]);
    expect(uses()).toEqual([{ principal: roleArn, action: "events:PutEvents", allowed: 1, denied: 0 }]);
  });

  it("are sent to a queue by a role that may send to it", async () => {
    const { account, runs, uses } = await startStackOfOne({ statements: [sendMessage] });

    const answer = await account.invokeDirect("work", { action: "send", times: 1 });
    await account.idle();

    expect(answer).toMatchObject({ payload: { MessageId: expect.any(String) } });
    expect(runs()).toBe(2);
    expect(uses()).toEqual([{ principal: roleArn, action: "sqs:SendMessage", allowed: 1, denied: 0 }]);
  });

  it("are denied to a role that may only send messages, or only put events", async () => {
    const mayOnlySend = await startStackOfOne({ statements: [sendMessage] });
    const mayOnlyPut = await startStackOfOne({ statements: [putEvents] });

    const put = await mayOnlySend.account.invokeDirect("work", { action: "put", times: 1 });
    const sent = await mayOnlyPut.account.invokeDirect("work", { action: "send", times: 1 });

    expect(put).toMatchObject({
      error: {
        errorType: "AccessDeniedException",
        errorMessage:
          "User: arn:aws:sts::123456789012:assumed-role/worker/work is not authorized to perform: events:PutEvents on resource: arn:aws:events:eu-west-1:123456789012:event-bus/default because no identity-based policy allows the events:PutEvents action",
      },
    });
    // In SQS's own words (local/queues/wire-errors.ts).
    expect(sent).toMatchObject({
      error: {
        errorType: "AccessDenied",
        errorMessage:
          "User: arn:aws:sts::123456789012:assumed-role/worker/work is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:eu-west-1:123456789012:jobs because no identity-based policy allows the sqs:sendmessage action",
      },
    });
    expect(mayOnlySend.uses()).toEqual([{ principal: roleArn, action: "events:PutEvents", allowed: 0, denied: 1 }]);
    expect(mayOnlyPut.uses()).toEqual([{ principal: roleArn, action: "sqs:SendMessage", allowed: 0, denied: 1 }]);
  });
});

describe("a loop", () => {
  it("of events that wake their own function ends", async () => {
    const { account, runs } = await startStackOfOne({ statements: [putEvents], hearsItself: true });

    await account.invokeDirect("work", { action: "put", times: 40 });
    await account.idle();

    expect(runs()).toBe(17);
    expect(account.timeline.after(0).filter(({ kind }) => kind === "failure")).toMatchObject([
      { who: "ecr-autopilot", text: "functions caused it in a chain of more than 16 invocations" },
    ]);
  });

  it("of messages ends with the message back in the queue, as Lambda ends it", async () => {
    const { account, runs } = await startStackOfOne({ statements: [sendMessage] });

    await account.invokeDirect("work", { action: "send", times: 40 });
    const failure = await account.timeline.until(
      "the end of the loop",
      { after: 0, timeoutMs: 60_000 },
      ({ kind }) => kind === "failure",
    );

    expect(runs()).toBe(17);
    expect(failure).toMatchObject({
      who: "work",
      what: "RecursiveInvocationException",
      text: "more than 16 invocations of functions led to this message: the function is not run",
    });
  });

  it("of messages goes on for a function that is allowed to loop", async () => {
    const properties = { RecursiveLoop: "Allow" };
    const { account, runs } = await startStackOfOne({ statements: [sendMessage], properties });

    await account.invokeDirect("work", { action: "send", times: 40 });
    await account.idle();

    expect(runs()).toBe(41);
  });
});

describe("an idle account", () => {
  it("may have a message that is put off for longer than anybody waits, but none that is due soon", async () => {
    const { account, runs } = await startStackOfOne({ statements: [sendMessage] });

    await account.invokeDirect("work", { action: "send", times: 1, delaySeconds: 900 });
    await account.idle();
    const before = runs();
    await account.invokeDirect("work", { action: "send", times: 1, delaySeconds: 1 });
    await account.idle();

    expect([before, runs()]).toEqual([1, 3]);
  });
});

describe("a call past the queue", () => {
  it("is refused for a folder that no function is made of", async () => {
    const { account } = await startStackOfOne({ statements: [] });

    await expect(account.invokeDirect("play", {})).rejects.toThrow("no function 'play'; there are: work");
  });
});
