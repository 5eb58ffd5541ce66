/** Published prices of the us-east-1 Region, in US dollars, without free tiers; other Regions differ by some 10 %. */

export interface Price {
  /** Dollars for one unit. */
  readonly usd: number;
  readonly unit: string;
  /** Where it was read, and when that page was written; none of it was read from AWS's own price list. */
  readonly source: string;
}

const CLOUDWATCH = "https://cloudburn.io/blog/amazon-cloudwatch-pricing (February 2026)";
const SQS = "https://cloudburn.io/blog/amazon-sqs-pricing (March 2026)";
const LAMBDA = "https://cloudchipr.com/blog/aws-lambda-pricing (2024)";

export const PRICES = {
  alarm: { usd: 0.1, unit: "alarm and month", source: `${CLOUDWATCH} [amount unverified]` },
  customMetric: {
    usd: 0.3,
    unit: "metric and month",
    source: "https://signoz.io/guides/cloudwatch-pricing (February 2026)",
  },
  dashboard: {
    usd: 3,
    unit: "dashboard and month",
    source: "https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/ (June 2026)",
  },
  logsIngested: {
    usd: 0.5,
    unit: "GB",
    source: "https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/ (June 2026)",
  },
  logsStored: { usd: 0.03, unit: "GB and month", source: `${CLOUDWATCH} [amount unverified]` },
  kmsKey: { usd: 1, unit: "key and month", source: "https://aws.amazon.com/kms/pricing/ (stored copy, undated)" },
  sqsRequest: { usd: 0.4e-6, unit: "request", source: SQS },
  lambdaRequest: { usd: 0.2e-6, unit: "request", source: LAMBDA },
  lambdaGbSecond: { usd: 0.0000133334, unit: "GB-second on Arm", source: LAMBDA },
  ownEvent: {
    usd: 1e-6,
    unit: "event of one's own; events of AWS are free",
    source: "https://cloudburn.io/blog/amazon-eventbridge-pricing (March 2026)",
  },
} as const satisfies Readonly<Record<string, Price>>;
