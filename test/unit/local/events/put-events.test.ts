import { describe, expect, it } from "vitest";
import { entry, startEvents } from "./start-events.ts";

describe("PutEvents", () => {
  it("publishes the event of the caller", async () => {
    const { putEvents, published, user } = await startEvents();

    const { status, body } = await putEvents([entry({ Time: 1_700_000_000, Resources: ["arn:x"] }), entry()]);

    expect(status).toBe(200);
    expect(body).toEqual({
      FailedEntryCount: 0,
      Entries: published.map(({ event }) => ({ EventId: event.id })),
    });
    expect(published).toEqual([
      {
        accessKeyId: user.accessKeyId,
        event: {
          version: "0",
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          "detail-type": "Repository Brought To Standard",
          source: "ecr-autopilot",
          account: "123456789012",
          time: "2023-11-14T22:13:20Z",
          region: "eu-west-1",
          resources: ["arn:x"],
          detail: { repository: "team-a/web" },
        },
      },
      expect.objectContaining({
        event: expect.objectContaining({ time: "2026-03-01T10:00:00Z", resources: [] }),
      }),
    ]);
  });

  it("takes the default bus by name and by ARN, and drops what is for another", async () => {
    const { putEvents, published } = await startEvents();
    const bus = "arn:aws:events:eu-west-1:123456789012:event-bus";

    const { body } = await putEvents(
      ["default", `${bus}/default`, "other", `${bus}/other`].map((EventBusName) => entry({ EventBusName })),
    );

    expect(body.FailedEntryCount).toBe(0);
    expect(published.map(({ event }) => event.id)).toEqual([body.Entries[0].EventId, body.Entries[1].EventId]);
  });

  it.each([
    [{ Source: undefined }, "InvalidArgument", "Parameter Source is not valid. Reason: Source is a required argument."],
    [
      { DetailType: undefined },
      "InvalidArgument",
      "Parameter DetailType is not valid. Reason: DetailType is a required argument.",
    ],
    [{ Detail: undefined }, "InvalidArgument", "Parameter Detail is not valid. Reason: Detail is a required argument."],
    [{ Detail: "[1]" }, "MalformedDetail", "Detail is malformed."],
    [{ Detail: '"text"' }, "MalformedDetail", "Detail is malformed."],
    [{ Detail: "{" }, "MalformedDetail", "Detail is malformed."],
    [{ Source: "aws.ecr" }, "NotAuthorizedForSourceException", "Not authorized for the source."],
    [{ Time: "yesterday" }, "InvalidArgument", "Parameter Time is not valid."],
  ])("fails the entry with %j alone", async (members, ErrorCode, ErrorMessage) => {
    const { putEvents, published } = await startEvents();

    const { status, body } = await putEvents([entry(members), entry()]);

    expect(status).toBe(200);
    expect(body).toEqual({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode, ErrorMessage }, { EventId: published[0]?.event.id }],
    });
    expect(published).toHaveLength(1);
  });

  it.each([
    [
      "no list",
      undefined,
      "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must not be null",
    ],
    [
      "an empty list",
      [],
      "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "eleven entries",
      Array.from({ length: 11 }, () => entry()),
      "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
    ],
    [
      "256 KB",
      [entry({ Source: "a", DetailType: "b", Detail: JSON.stringify({ x: "é".repeat(131_067) }) })],
      "Total size of the entries in the request is over the limit.",
    ],
  ])("refuses %s", async (_, entries, message) => {
    const { putEvents, published } = await startEvents();

    expect(await putEvents(entries)).toEqual({ status: 400, body: { __type: "ValidationException", message } });
    expect(published).toEqual([]);
  });

  it("takes one byte less than 256 KB", async () => {
    const { putEvents, published } = await startEvents();
    const fixed = Buffer.byteLength('ab{"x":""}');

    await putEvents([
      entry({ Source: "a", DetailType: "b", Detail: JSON.stringify({ x: "x".repeat(262_143 - fixed) }) }),
    ]);

    expect(published).toHaveLength(1);
  });

  it("needs events:PutEvents on the bus, under the conditions of the policy", async () => {
    const { putEvents, published } = await startEvents([
      {
        Effect: "Allow",
        Action: "events:PutEvents",
        Resource: "arn:aws:events:eu-west-1:123456789012:event-bus/default",
        Condition: { StringEquals: { "events:source": "ecr-autopilot" } },
      },
    ]);

    const allowed = await putEvents([entry()]);
    const denied = await putEvents([entry({ Source: "somebody.else" })]);
    const elsewhere = await putEvents([entry({ EventBusName: "other" })]);

    expect(allowed.status).toBe(200);
    expect(denied.body.__type).toBe("AccessDeniedException");
    expect(elsewhere.body.message).toContain("event-bus/other because no identity-based policy allows");
    expect(published).toHaveLength(1);
  });
});
