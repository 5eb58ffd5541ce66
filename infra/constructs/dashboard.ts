import { Duration, Stack } from "aws-cdk-lib";
import { Dashboard, GraphWidget, type IMetric, MathExpression, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { Rule } from "aws-cdk-lib/aws-events";
import { Construct } from "constructs";
import { GATES, ownMetric, ownMetrics, SWEEPS } from "../metrics.ts";
import type { Watched } from "./watch.ts";

/** The rule that every push to the private registry meets, by its path in the stack. */
const PUSHES = ["MirrorImage", "ImageArrived"] as const;
const PERIOD = Duration.minutes(5);

/** One page for the whole: what came, what was done, what was refused, how long it took, and what is stuck. */
export class AutopilotDashboard extends Construct {
  constructor(scope: Construct, id: string, { watched }: { readonly watched: readonly Watched[] }) {
    super(scope, id);
    const feeds = watched.flatMap(({ name, feed }) => (feed === undefined ? [] : [{ name, feed }]));
    const lag = (statistic: string, label: string) =>
      ownMetric("lag", "mirror-image", { statistic, label, period: PERIOD });

    const dashboard = new Dashboard(this, "Default", { defaultInterval: Duration.days(1) });
    dashboard.addWidgets(
      graph("Pushes", [pushes(this)]),
      graph("Creations", [search(["repository-created", "repository-brought-to-standard"])]),
      graph("Mirrors", [search(["image-mirrored", "image-unchanged", "image-continues", "mirror-requested"])]),
    );
    dashboard.addWidgets(
      graph("Held back, by gate", [search(GATES.map((gate) => `held-by-${gate}`))]),
      graph("Refusals and conflicts", [
        search(["repository-refused", "repository-misnamed", "event-refused"]),
        search(["image-conflict", "creation-template-conflict"]),
      ]),
      graph("Drift", [
        search(["drift-put-back", "repository-differs", "mutability-reported", "exception-in-force"]),
        search(["exception-expired"]),
      ]),
    );
    dashboard.addWidgets(
      graph("Push to public", [lag(Stats.p(50), "median"), lag(Stats.p(95), "p95"), lag(Stats.MAXIMUM, "longest")]),
      graph("Bytes", [search(["bytes-moved", "bytes-skipped"])]),
      graph("Sweeps and deletions", [
        search(SWEEPS.map(({ metric }) => metric)),
        search(["public-tag-deleted", "public-deletion-waits"]),
      ]),
    );
    dashboard.addWidgets(
      graph("Throttles", [
        search(["throttled"]),
        ...watched.map(({ name, own }) => own.handler.metricThrottles({ label: name, period: PERIOD })),
      ]),
      graph("Errors", [
        search(["attempt-failed", "repository-failed"]),
        ...watched.map(({ name, own }) => own.handler.metricErrors({ label: name, period: PERIOD })),
      ]),
      graph(
        "Age of the oldest message",
        feeds.map(({ name, feed }) => feed.queue.metricApproximateAgeOfOldestMessage({ label: name, period: PERIOD })),
      ),
    );
    dashboard.addWidgets(
      graph(
        "Dead letters",
        feeds.map(({ name, feed }) =>
          feed.deadLetters.metricApproximateNumberOfMessagesVisible({ label: name, period: PERIOD }),
        ),
      ),
    );
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, leftYAxis: { min: 0 } });
}

function search(names: readonly string[]): MathExpression {
  return new MathExpression({ expression: ownMetrics(names, PERIOD.toSeconds()), label: "", period: PERIOD });
}

/** EventBridge counts the matches of a rule: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
function pushes(scope: Construct): Metric {
  const [name, rule] = PUSHES;
  const found = Stack.of(scope).node.findChild(name).node.findChild(rule);
  if (!(found instanceof Rule)) throw new Error(`${PUSHES.join("/")} is not a rule`);
  const dimensionsMap = { RuleName: found.ruleName };
  return new Metric({
    namespace: "AWS/Events",
    metricName: "TriggeredRules",
    dimensionsMap,
    statistic: Stats.SUM,
    period: PERIOD,
    label: "pushes",
  });
}
