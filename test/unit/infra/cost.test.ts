import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { costOf, total } from "../../../infra/cost.ts";
import { PRICES } from "../../../infra/prices.ts";

const template = {
  Resources: {
    CreateRepositoryFunction0123ABCD: { Type: "AWS::Lambda::Function", Properties: { MemorySize: 256 } },
    MirrorImageFunction4567CDEF: { Type: "AWS::Lambda::Function", Properties: { MemorySize: 512 } },
    Logs: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: 90 } },
    MirrorImageMapping: { Type: "AWS::Lambda::EventSourceMapping" },
    CreateRepositoryMapping: { Type: "AWS::Lambda::EventSourceMapping" },
    CreateRepositoryImagePushed: rule({ detail: { "action-type": ["PUSH"] } }),
    MirrorImageImageArrived: rule({ detail: { "action-type": ["PUSH", "UPDATE_STORAGE_CLASS"] } }),
    MirrorImagePushRecorded: rule({ detail: { eventName: ["PutImage"] } }),
    MirrorImageScanned: rule({ "detail-type": ["ECR Image Scan"] }),
    MirrorImageEveryHour: { Type: "AWS::Events::Rule", Properties: { ScheduleExpression: "rate(1 hour)" } },
    One: { Type: "AWS::CloudWatch::Alarm" },
    Two: { Type: "AWS::CloudWatch::Alarm" },
    Board: { Type: "AWS::CloudWatch::Dashboard" },
    Key: { Type: "AWS::KMS::Key" },
  },
};

function rule(pattern: unknown) {
  return { Type: "AWS::Events::Rule", Properties: { EventPattern: pattern } };
}

describe("the cost of a stack", () => {
  const { atRest, perThousandPushes } = costOf(template);

  it("is at rest what its alarms, dashboard, key, queues and sweeps cost", () => {
    expect(atRest.map(({ what, quantity }) => [what, quantity])).toEqual([
      ["alarms", 2],
      ["dashboards", 1],
      ["KMS keys", 1],
      // Two queues, five polls each, three times a minute.
      ["empty receives of queues", 2 * 5 * 3 * 60 * 730],
      ["metrics that sweeps write", 2],
      ["hourly sweeps", 730],
      ["hourly sweeps", 730 * 10 * 0.5],
      ["logs of sweeps", 0.00292],
    ]);
    expect(total(atRest)).toBeCloseTo(0.2 + 3 + 1 + 0.5256 + 0.6 + 0.000146 + 0.0487 + 0.00146, 3);
  });

  it("is, of a push, that of each function which it wakes; the mirror publishes once", () => {
    expect(perThousandPushes.map(({ what, quantity }) => [what, Number(quantity.toPrecision(6))])).toEqual([
      ["messages", 9000],
      ["invocations", 3000],
      ["invocations", 1000 * (0.5 * 0.25 + 6 * 0.5 + 0.5 * 0.5)],
      ["logs", 0.012],
      ["logs kept", 0.036],
      ["own events", 1000],
    ]);
  });

  it("names the source of every price, and its date", () => {
    for (const { source } of Object.values(PRICES)) expect(source).toMatch(/^https:\/\/\S+ \(.*(20\d\d|undated)\)/);
  });
});

describe("the README", () => {
  it("tells what the stack costs: no less, and not half as much again", () => {
    const file = readFileSync(join(inject("assemblyDir"), "EcrAutopilot.template.json"), "utf8");
    const { atRest, inUse, perThousandPushes } = costOf(JSON.parse(file));
    const told =
      /costs less than \$(\d+) a month at rest, \$(\d+) more at most in use, and \$([\d.]+) per thousand pushes/;
    const [, ...numbers] = told.exec(readFileSync("README.md", "utf8").replace(/\s+/g, " ")) ?? [];

    const real = [atRest, inUse, perThousandPushes].map(total);
    expect(numbers).toHaveLength(real.length);
    for (const [index, number] of numbers.entries()) {
      expect(Number(number)).toBeGreaterThanOrEqual(real[index] ?? Number.NaN);
      expect(Number(number)).toBeLessThan(1.5 * (real[index] ?? Number.NaN));
    }
  });
});
