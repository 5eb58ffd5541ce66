import { PRICES, type Price } from "./prices.ts";

interface Resource {
  readonly Type: string;
  readonly Properties?: {
    readonly MemorySize?: number;
    readonly RetentionInDays?: number;
    readonly ScheduleExpression?: string;
    readonly EventPattern?: unknown;
    readonly MethodSettings?: readonly { readonly MetricsEnabled?: boolean }[];
  };
}

/** A template as far as it costs something. */
export interface CostedTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface CostLine {
  readonly what: string;
  readonly quantity: number;
  readonly price: Price;
  readonly usd: number;
}

export interface Cost {
  /** A month in which nobody pushes. */
  readonly atRest: readonly CostLine[];
  /** What a month costs besides, however little is pushed. */
  readonly inUse: readonly CostLine[];
  /** A thousand pushes of one tag each, all of them published. */
  readonly perThousandPushes: readonly CostLine[];
}

const HOURS = 730;
const PUSHES = 1_000;
/**
 * Lambda reads each queue with five long polls, and does not save on them where a maximum concurrency is set:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html. Each is a request that is paid for, message or not:
 * https://repost.aws/knowledge-center/sqs-high-charges. Twenty seconds is the longest a poll may be [assumed].
 */
const EMPTY_RECEIVES_AN_HOUR = (5 * 3600) / 20;
/** Send, receive, delete. */
const REQUESTS_OF_A_MESSAGE = 3;
/** A sweep of a thousand repositories; its own metric, and one of what it found as it should be. */
const SWEEP = { seconds: 10, metrics: 2 };
/** Metrics that pushes, creations and refusals write; each is paid for the hours in which it is written. */
const METRICS_IN_USE = 20;
/** Of each method, where detailed metrics are on: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html */
const METRICS_OF_A_METHOD = 7;
/** An image of 100 MB of which nothing is public yet; and a look at what is as it should be. */
const SECONDS_TO_PUBLISH = 6;
const SECONDS_TO_LOOK = 0.5;
/** Lines of decisions, of their metrics, and of Lambda itself, for one invocation. */
const LOG_BYTES = 4_000;
const OWN_EVENTS_OF_A_PUSH = 1;
/** The function that moves bytes. */
const PUBLISHER = "MirrorImage";
/** In a pattern: a push makes an event of ECR, a record in CloudTrail, and, once it is public, an event of this project. */
const MADE_BY_A_PUSH = /"PUSH"|"PutImage"|"Image Mirrored"/;

/** What the stack costs, by its own resources and the assumptions above; it reads nothing but the template. */
export function costOf({ Resources }: CostedTemplate): Cost {
  const of = (type: string) =>
    Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) =>
      Type === type ? [{ id, ...Properties }] : [],
    );
  const functions = of("AWS::Lambda::Function").map(({ id, MemorySize = 128 }) => ({
    name: id.replace(/Function[0-9A-F]{8}$/, ""),
    gb: MemorySize / 1024,
  }));
  const rules = of("AWS::Events::Rule").map(({ id, ScheduleExpression, EventPattern }) => ({
    // A rule is named after its function, and what it is for.
    wakes: functions.find(({ name }) => id.startsWith(name)),
    hourly: ScheduleExpression === "rate(1 hour)",
    byPush: MADE_BY_A_PUSH.test(JSON.stringify(EventPattern) ?? ""),
  }));
  const sweeps = rules.filter(({ hourly }) => hourly);
  const woken = rules.filter(({ byPush }) => byPush);
  const sweepGbSeconds = sum(sweeps.map(({ wakes }) => SWEEP.seconds * (wakes?.gb ?? 0)));
  const pushGbSeconds = sum(
    woken.map(({ wakes }, index) => {
      const publishes = index === woken.findIndex((rule) => rule.wakes?.name === PUBLISHER);
      return (publishes ? SECONDS_TO_PUBLISH : SECONDS_TO_LOOK) * (wakes?.gb ?? 0);
    }),
  );
  const receives = of("AWS::Lambda::EventSourceMapping").length * EMPTY_RECEIVES_AN_HOUR * HOURS;
  const isDetailed = of("AWS::ApiGateway::Stage").some(({ MethodSettings = [] }) =>
    MethodSettings.some(({ MetricsEnabled }) => MetricsEnabled),
  );
  const methods = isDetailed ? of("AWS::ApiGateway::Method").length : 0;
  const messages = PUSHES * woken.length;
  const logGb = (messages * LOG_BYTES) / 1e9;
  const keptDays = of("AWS::Logs::LogGroup")[0]?.RetentionInDays ?? 0;

  return {
    atRest: [
      line("alarms", of("AWS::CloudWatch::Alarm").length, PRICES.alarm),
      line("dashboards", of("AWS::CloudWatch::Dashboard").length, PRICES.dashboard),
      line("KMS keys", of("AWS::KMS::Key").length, PRICES.kmsKey),
      line("empty receives of queues", receives, PRICES.sqsRequest),
      line("metrics that sweeps write", sweeps.length * SWEEP.metrics, PRICES.customMetric),
      line("hourly sweeps", sweeps.length * HOURS, PRICES.lambdaRequest),
      line("hourly sweeps", sweepGbSeconds * HOURS, PRICES.lambdaGbSecond),
      line("logs of sweeps", (sweeps.length * HOURS * LOG_BYTES) / 1e9, PRICES.logsIngested),
    ],
    inUse: [
      line("metrics that pushes write, at most", METRICS_IN_USE, PRICES.customMetric),
      line("detailed metrics of the API, at most", methods * METRICS_OF_A_METHOD, PRICES.customMetric),
    ],
    perThousandPushes: [
      line("messages", messages * REQUESTS_OF_A_MESSAGE, PRICES.sqsRequest),
      line("invocations", messages, PRICES.lambdaRequest),
      line("invocations", pushGbSeconds * PUSHES, PRICES.lambdaGbSecond),
      line("logs", logGb, PRICES.logsIngested),
      line("logs kept", logGb * (keptDays / 30), PRICES.logsStored),
      line("own events", PUSHES * OWN_EVENTS_OF_A_PUSH, PRICES.ownEvent),
    ],
  };
}

/** In dollars. */
export function total(lines: readonly CostLine[]): number {
  return sum(lines.map(({ usd }) => usd));
}

function line(what: string, quantity: number, price: Price): CostLine {
  return { what, quantity, price, usd: quantity * price.usd };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((before, number) => before + number, 0);
}
