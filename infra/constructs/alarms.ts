import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IAlarmAction,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { ownMetric, SWEEPS } from "../metrics.ts";
import { MAX_RECEIVE_COUNT } from "./queue-function.ts";
import type { Watched } from "./watch.ts";

export interface AlarmsProps {
  readonly watched: readonly Watched[];
  readonly action: IAlarmAction;
}

interface Described extends Omit<AlarmProps, "alarmDescription" | "evaluationPeriods"> {
  readonly what: string;
  /** Heading in docs/operations.md, as its anchor. */
  readonly section: string;
  readonly evaluationPeriods?: number;
}

const FIVE_MINUTES = Duration.minutes(5);
/** Longer than this from push to public has no explanation by size or rate: the largest layer takes minutes, a burst of 500 pushes drains in a quarter of an hour. */
const LONGEST_LAG = Duration.hours(1);
/** What a message may wait beyond one failed try. */
const PATIENCE = Duration.minutes(15);

/** Dead letters, old messages, errors, throttling of every function; sweeps that did not run; lag. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { watched, action }: AlarmsProps) {
    super(scope, id);
    const alarm = (name: string, { what, section, ...props }: Described): void => {
      const made = new Alarm(this, name, {
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        evaluationPeriods: 1,
        ...props,
        alarmDescription: `${what}. docs/operations.md#${section}`,
      });
      made.addAlarmAction(action);
    };

    for (const { name, own, feed } of watched) {
      alarm(`${name}Errors`, {
        what: `${name} has crashed, or run out of time or memory`,
        section: "errors",
        metric: own.handler.metricErrors({ period: FIVE_MINUTES }),
        threshold: 0,
      });
      alarm(`${name}Throttled`, {
        what: `${name} could not run: the account's concurrency is used up`,
        section: "throttled",
        metric: own.handler.metricThrottles({ period: FIVE_MINUTES }),
        threshold: 0,
      });
      if (feed === undefined) continue;
      alarm(`${name}DeadLetters`, {
        what: `${name} was given up after ${MAX_RECEIVE_COUNT} tries, and its work waits in the dead-letter queue`,
        section: "dead-letters",
        metric: feed.deadLetters.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES }),
        threshold: 0,
      });
      alarm(`${name}Waits`, {
        what: `Work of ${name} waits for longer than one failed try takes`,
        section: "old-messages",
        metric: feed.queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES }),
        threshold: feed.visibilityTimeout.plus(PATIENCE).toSeconds(),
      });
    }
    for (const { name, service, metric } of SWEEPS) {
      if (!watched.some((one) => one.name === name)) continue;
      alarm(`${name}DidNotRun`, {
        what: `${name} has ended no sweep for three hours, although it runs every hour`,
        section: "a-sweep-did-not-run",
        metric: ownMetric(metric, service, { statistic: Stats.SUM, period: Duration.hours(1) }),
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: 1,
        evaluationPeriods: 3,
        treatMissingData: TreatMissingData.BREACHING,
      });
    }
    if (watched.some(({ name }) => name === "CheckAccount")) {
      alarm("NoTrail", {
        what: "No CloudTrail trail brings the calls to ECR to the rules of this Region",
        section: "no-trail",
        // The check runs once a day, and the alarm ends when a day has gone by without.
        metric: ownMetric("trail-missing", "check-account", { statistic: Stats.SUM, period: Duration.days(1) }),
        threshold: 0,
      });
    }
    alarm("Lag", {
      what: `An image took more than ${LONGEST_LAG.toMinutes()} minutes from its push, or from the scan that it waited for, to the public side`,
      section: "lag",
      metric: ownMetric("lag", "mirror-image", { statistic: Stats.MAXIMUM, period: FIVE_MINUTES }),
      threshold: LONGEST_LAG.toMilliseconds(),
    });
  }
}
