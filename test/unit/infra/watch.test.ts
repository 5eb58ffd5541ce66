import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, inject, it } from "vitest";
import { GATES, NAMESPACE, SWEEPS } from "../../../infra/metrics.ts";
import { referenceOf, resourcesOf } from "./resources.ts";

interface Alarm {
  readonly AlarmDescription: string;
  readonly AlarmActions?: readonly unknown[];
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly TreatMissingData: string;
  readonly EvaluationPeriods: number;
  readonly Period: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
}

const assemblyDir = inject("assemblyDir");
const alarms = resourcesOf<Alarm>(assemblyDir, "AWS::CloudWatch::Alarm");
const functions = resourcesOf(assemblyDir, "AWS::Lambda::Function").map(({ id }) => id);
const queues = resourcesOf<{ RedrivePolicy?: unknown }>(assemblyDir, "AWS::SQS::Queue");

/** What alarms on this metric look at: logical ids, or values of a dimension. */
function watched(namespace: string, metric: string): unknown[] {
  return alarms
    .filter(({ Properties }) => Properties.Namespace === namespace && Properties.MetricName === metric)
    .map(({ Properties }) => Properties.Dimensions[0]?.Value)
    .map((value) => referenceOf(value) ?? value)
    .sort();
}

describe("alarms", () => {
  it("watch every function for errors and throttling", () => {
    expect(watched("AWS/Lambda", "Errors")).toEqual([...functions].sort());
    expect(watched("AWS/Lambda", "Throttles")).toEqual([...functions].sort());
  });

  it("watch every queue for messages that wait too long, and every dead-letter queue for any", () => {
    const feeds = queues.filter(({ Properties }) => Properties.RedrivePolicy !== undefined).map(({ id }) => id);
    const deadLetters = queues.filter(({ Properties }) => Properties.RedrivePolicy === undefined).map(({ id }) => id);

    expect(watched("AWS/SQS", "ApproximateAgeOfOldestMessage")).toEqual(feeds.sort());
    expect(watched("AWS/SQS", "ApproximateNumberOfMessagesVisible")).toEqual(deadLetters.sort());
    expect(feeds.length).toBeGreaterThan(0);
  });

  it("go off for a sweep that has not ended for three hours, of each function that runs every hour", () => {
    const rules = resourcesOf<{ ScheduleExpression?: string }>(assemblyDir, "AWS::Events::Rule");
    const hourly = rules
      .filter(({ Properties }) => Properties.ScheduleExpression === "rate(1 hour)")
      .map(({ id }) => id.replace(/EveryHour[0-9A-F]{8}$/, ""));

    expect(SWEEPS.map(({ name }) => name).sort()).toEqual(hourly.sort());
    for (const { service, metric } of SWEEPS) {
      const [alarm] = alarms.filter(({ Properties }) => Properties.MetricName === metric);
      expect(alarm?.Properties).toMatchObject({
        Namespace: NAMESPACE,
        Dimensions: [{ Name: "service", Value: service }],
        TreatMissingData: "breaching",
        ComparisonOperator: "LessThanThreshold",
        Threshold: 1,
        Period: 3600,
        EvaluationPeriods: 3,
      });
    }
  });

  it("watch the lag from push to public", () => {
    expect(watched(NAMESPACE, "lag")).toEqual(["mirror-image"]);
  });

  it("all go to the one topic", () => {
    const topics = resourcesOf(assemblyDir, "AWS::SNS::Topic").map(({ id }) => id);

    expect(topics).toHaveLength(1);
    for (const { Properties } of alarms) expect(Properties.AlarmActions?.map(referenceOf)).toEqual(topics);
  });

  it("each name a section of the runbook that there is, and no section is without an alarm", () => {
    const runbook = readFileSync("docs/operations.md", "utf8");
    const part = runbook.slice(
      runbook.indexOf("\n## Alarms"),
      runbook.indexOf("\n## ", runbook.indexOf("\n## Alarms") + 1),
    );
    const sections = [...part.matchAll(/^### (.+)$/gm)].map(([, title = ""]) =>
      title.toLowerCase().replaceAll(" ", "-"),
    );
    const named = alarms.map(
      ({ Properties }) => /\. docs\/operations\.md#([a-z-]+)$/.exec(Properties.AlarmDescription)?.[1],
    );

    expect(sections.length).toBeGreaterThan(0);
    expect([...new Set(named)].sort()).toEqual(sections.sort());
  });
});

describe("the metrics that are watched", () => {
  const observer = readFileSync("shared/observability/observer.ts", "utf8");
  const emitter = readFileSync("shared/observability/powertools-observer.ts", "utf8");
  const decisions = [...observer.matchAll(/^ {2}\| "([a-z-]+)"/gm)].map(([, name]) => name);
  const measured = [...emitter.matchAll(/\["([a-z-]+)", MetricUnit|count\("([a-z-]+)"\)/g)].map(([, a, b]) => a ?? b);
  const emitted = new Set([...decisions, ...measured, ...GATES.map((gate) => `held-by-${gate}`)]);

  it("are emitted by the functions", () => {
    const body = JSON.stringify(resourcesOf(assemblyDir, "AWS::CloudWatch::Dashboard"));
    const searched = [...body.matchAll(/MetricName=\(([^)]*)\)/g)].flatMap(
      ([, names = ""]) => names.match(/[a-z-]+/g) ?? [],
    );
    const own = alarms.flatMap(({ Properties }) => (Properties.Namespace === NAMESPACE ? [Properties.MetricName] : []));

    expect(searched.length).toBeGreaterThan(20);
    expect([...searched, ...own].filter((name) => !emitted.has(name))).toEqual([]);
  });

  it("include whatever gate holds an image back", () => {
    const folders = ["shared/mirror", "functions/mirror-image"];
    const files = folders.flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`));
    const texts = files.map((file) => readFileSync(file, "utf8"));
    const gates = texts.flatMap((text) => [
      ...[...text.matchAll(/gate: "([a-z-]+)"/g)].map(([, gate]) => gate),
      ...(/type GateName = ([^;]+);/.exec(text)?.[1]?.match(/[a-z-]+/g) ?? []),
    ]);

    expect([...new Set(gates)].sort()).toEqual([...GATES].sort());
  });
});
