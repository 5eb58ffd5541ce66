import { describe, expect, it, vi } from "vitest";
import { type BusNotice, type BusOptions, createBus, type DeliveryDetails } from "../../../../local/events/bus.ts";
import { chainOf } from "../../../../local/events/chains.ts";
import { createManualClock } from "../../../../local/events/clock.ts";
import type { LocalRule } from "../../../../local/template/local-template.ts";
import { account, event, rule } from "./samples.ts";

const JOBS = "arn:aws:sqs:us-west-2:123456789012:jobs";
const DEAD = "arn:aws:sqs:us-west-2:123456789012:dead";

function setUp(rules: readonly LocalRule[], options: Partial<BusOptions> = {}) {
  const clock = createManualClock();
  const delivered: { arn: string; body: string; rule: string; details: DeliveryDetails }[] = [];
  const notices: BusNotice[] = [];
  const bus = createBus({
    rules,
    account,
    clock,
    deliver: (arn, body, rule, details) => void delivered.push({ arn, body, rule, details }),
    onEvent: (notice) => notices.push(notice),
    ...options,
  });
  const ids = () => delivered.map(({ body }) => JSON.parse(body).id);
  return { bus, clock, delivered, notices, ids };
}

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
    [
      { targets: [{ id: "T", arn: JOBS, inputPath: "x" }] },
      "rule 'on-push': rule 'on-push', target 'T': JSON path 'x'",
    ],
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

describe("switches", () => {
  const is = (id: string) => (found: { id: string }) => found.id === id;

  it("drop an event", async () => {
    const { bus, notices, ids } = setUp([rule()], { switches: { drop: is("a") } });

    await bus.publish(event({ id: "a" }));
    await bus.publish(event({ id: "b" }));

    expect(ids()).toEqual(["b"]);
    expect(notices[0]).toMatchObject({ kind: "not-delivered", text: "dropped by a switch" });
  });

  it("double an event, with the same id", async () => {
    const { bus, ids } = setUp([rule()], { switches: { duplicate: is("a") } });

    await bus.publish(event({ id: "a" }));

    expect(ids()).toEqual(["a", "a"]);
  });

  it("delay an event by the clock", async () => {
    const { bus, clock, ids } = setUp([rule()], { switches: { delayMs: ({ id }) => (id === "a" ? 500 : 0) } });

    const late = bus.publish(event({ id: "a" }));
    await bus.publish(event({ id: "b" }));
    clock.advance(499);
    expect(ids()).toEqual(["b"]);
    clock.advance(1);
    await late;

    expect(ids()).toEqual(["b", "a"]);
  });

  it("reorder an event behind the next one", async () => {
    const { bus, ids } = setUp([rule()], { switches: { reorder: is("a") } });

    const held = bus.publish(event({ id: "a" }));
    await bus.publish(event({ id: "b" }));
    await held;

    expect(ids()).toEqual(["b", "a"]);
  });

  it("deliver a held event when no other comes", async () => {
    const { bus, clock, ids } = setUp([rule()], { switches: { reorder: is("a"), reorderWithinMs: 200 } });

    const held = bus.publish(event({ id: "a" }));
    clock.advance(200);
    await held;

    expect(ids()).toEqual(["a"]);
  });

  it("can be set later, and lose what waits when the bus is closed", async () => {
    const { bus, notices } = setUp([rule()]);
    bus.setSwitches({ delayMs: 1000 });

    const late = bus.publish(event());
    bus.close();
    await late;

    await vi.waitFor(() =>
      expect(notices).toMatchObject([{ kind: "not-delivered", text: "the bus was closed before its delay was over" }]),
    );
  });
});
