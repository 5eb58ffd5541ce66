import type { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";

/** The metrics of this project, as shared/observability/powertools-observer.ts writes them. */
export const NAMESPACE = "EcrAutopilot";

/** Functions that run every hour: the construct, its name in the metrics, and what it tells at the end of a sweep. */
export const SWEEPS = [
  { name: "ReconcileRepositories", service: "reconcile-repositories", metric: "sweep-finished" },
  { name: "ReconcileMirrors", service: "reconcile-mirrors", metric: "mirrors-swept" },
  { name: "SyncCatalog", service: "sync-catalog", metric: "catalog-swept" },
] as const;

/** What can hold an image back (shared/mirror/gates.ts, quotas.ts, and functions/mirror-image). */
export const GATES = ["minimum-age", "scan", "signature", "quota", "name", "image", "invocations"] as const;

export interface OwnMetricOptions {
  readonly statistic: string;
  readonly period: Duration;
  readonly label?: string;
}

/** One metric of one function. */
export function ownMetric(metricName: string, service: string, options: OwnMetricOptions): Metric {
  return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap: { service }, ...options });
}

/**
 * A search for these metrics of all functions that emit them, so that a graph needs no list of functions.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function ownMetrics(names: readonly string[], periodSeconds: number): string {
  const either = names.map((name) => `"${name}"`).join(" OR ");
  return `SEARCH('{${NAMESPACE},service} MetricName=(${either})', 'Sum', ${periodSeconds})`;
}
