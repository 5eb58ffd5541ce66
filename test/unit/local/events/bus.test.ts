import { describe, expect, it } from "vitest";
import { chainOf } from "../../../../local/events/chains.ts";
import type { LocalRule } from "../../../../local/template/local-template.ts";
import { DEAD, JOBS, setUp } from "./bus-set-up.ts";
import { event, rule } from "./samples.ts";

describe("publish", () => {
  it("hands a matching event to the rule's targets and tells of it", async () => {
    const { bus, delivered, notices } = setUp([rule(), rule({ name: "other", pattern: { source: ["aws.ec2"] } })]);

    await bus.publish(event());

    expect(delivered).toMatchObject([{ arn: JOBS, body: JSON.stringify(event()), rule: "on-push" }]);
    expect(notices).toEqual([{ kind: "event", event: event(), chain: 0, rules: ["on-push"] }]);
  });

  it("passes over disabled rules and rules without a pattern", async () => {
    const { pattern: _, ...scheduled } = rule({ name: "scheduled", schedule: "rate(1 hour)" });
    const { bus, delivered, notices } = setUp([rule({ state: "DISABLED" }), scheduled]);

    await bus.publish(event());

    expect([delivered, notices]).toMatchObject([[], [{ kind: "event", rules: [] }]]);
  });

  it("hands read-only management events only to rules that ask for them", async () => {
    const { bus, delivered } = setUp([
      rule(),
      rule({ name: "all", state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" }),
    ]);

    await bus.publish(event({ "detail-type": "AWS API Call via CloudTrail", detail: { eventName: "ListImages" } }));

    expect(delivered.map(({ rule }) => rule)).toEqual(["all"]);
  });

  it("does not deliver an event of another Region", async () => {
    const { bus, delivered, notices } = setUp([rule()]);

    await bus.publish(event({ region: "us-east-1" }));

    expect([delivered, notices]).toMatchObject([
      [],
      [{ kind: "not-delivered", text: "it is an event of us-east-1; the rules are in us-west-2" }],
    ]);
  });

  it("sends what a target refuses to its dead-letter queue, with the reason", async () => {
    const letters: unknown[] = [];
    const { bus, notices } = setUp([rule({}, { deadLetterArn: DEAD })], {
      deliver: (arn, body, _, { attributes }) => {
        if (arn === JOBS) throw Object.assign(new Error("no such queue"), { code: "QueueDoesNotExist" });
        letters.push({ arn, body, attributes });
      },
    });

    await bus.publish(event());

    expect(letters).toEqual([
      {
        arn: DEAD,
        body: JSON.stringify(event()),
        attributes: {
          RULE_ARN: rule().arn,
          TARGET_ARN: JOBS,
          ERROR_CODE: "QueueDoesNotExist",
          ERROR_MESSAGE: "no such queue",
        },
      },
    ]);
    expect(notices[1]).toMatchObject({
      kind: "delivery-failed",
      rule: "on-push",
      text: `${JOBS}: QueueDoesNotExist: no such queue; sent to the dead-letter queue ${DEAD}`,
    });
  });

  it("tells of a refused event that has no dead-letter queue, or one that refuses it too", async () => {
    const deliver = () => Promise.reject(new Error("no"));
    const without = setUp([rule()], { deliver });
    const refusing = setUp([rule({}, { deadLetterArn: DEAD })], { deliver });

    await Promise.all([without.bus.publish(event()), refusing.bus.publish(event())]);

    expect([without.notices[1], refusing.notices[1]]).toMatchObject([
      { text: `${JOBS}: SDK_CLIENT_ERROR: no; the target has no dead-letter queue` },
      { text: `${JOBS}: SDK_CLIENT_ERROR: no; and its dead-letter queue refused it: no` },
    ]);
  });
});

describe("chains", () => {
  it("sends the count along", async () => {
    const { bus, delivered } = setUp([rule()]);

    await bus.publish(event(), { chain: 5 });

    expect(chainOf(delivered[0]?.details.traceHeader)).toBe(5);
  });

  it("stops after 16 invocations, and says so", async () => {
    const { bus, delivered, notices } = setUp([rule()]);

    await bus.publish(event(), { chain: 16 });
    await bus.publish(event(), { chain: 17 });

    expect(delivered).toHaveLength(1);
    expect(notices[1]).toEqual({
      kind: "not-delivered",
      event: event(),
      chain: 17,
      text: "functions caused it in a chain of more than 16 invocations",
    });
  });
});

describe("rules that EventBridge would refuse", () => {
  it.each<[Partial<LocalRule>, string]>([
    [
      { pattern: { source: [{ contains: "x" }] } },
      "rule 'on-push': event pattern, field 'source': unknown operator 'contains'",
    ],
    [{ schedule: "rate(1 hours)" }, "rule 'on-push': schedule 'rate(1 hours)' must have the unit 'hour' for 1"],
    [{ targets: [{ id: "T", arn: JOBS, inputPath: "x" }] }, "rule 'on-push': target 'T': JSON path 'x'"],
  ])("fail at the start: %j", (members, message) => {
    expect(() => setUp([rule(members)])).toThrow(message);
  });
});

describe("schedules", () => {
  it("send the scheduled event as EventBridge does", async () => {
    const { bus, delivered } = setUp([rule({ schedule: "cron(0 10 * * ? *)" })]);

    await bus.fireSchedule("on-push");

    expect(JSON.parse(delivered[0]?.body ?? "")).toEqual({
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: "123456789012",
      time: "2026-03-02T08:00:00Z",
      region: "us-west-2",
      resources: ["arn:aws:events:us-west-2:123456789012:rule/on-push"],
      detail: {},
    });
  });

  it("fire at their rate until the bus is closed", async () => {
    const { bus, clock, delivered } = setUp([rule({ schedule: "rate(1 hour)" })]);

    bus.startSchedules();
    clock.advance(2.5 * 3_600_000);
    bus.close();
    clock.advance(10 * 3_600_000);

    expect(delivered.map(({ body }) => JSON.parse(body).time)).toEqual([
      "2026-03-02T09:00:00Z",
      "2026-03-02T10:00:00Z",
    ]);
  });

  it("do not fire for a disabled rule, one without a schedule, or an unknown one", async () => {
    const { bus } = setUp([rule(), rule({ name: "off", schedule: "rate(1 hour)", state: "DISABLED" })]);

    await expect(bus.fireSchedule("on-push")).rejects.toThrow("there is no rule 'on-push' with a schedule");
    await expect(bus.fireSchedule("gone")).rejects.toThrow("there is no rule 'gone' with a schedule");
    await expect(bus.fireSchedule("off")).rejects.toThrow("the rule 'off' is disabled");
  });
});
