import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { AutopilotError } from "../errors.ts";
import type { Decision, Observer } from "./observer.ts";

/** What an observer needs of Lambda's context. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  getRemainingTimeInMillis(): number;
}

/** An observer whose lines carry the invocation and whose metrics are written out at its end. */
export interface LambdaObserver extends Observer {
  /** Puts the invocation's request id on every line. */
  begin(context: InvocationContext): void;
  /** Writes the metrics of this invocation (embedded metric format, one line on stdout), and whatever else waited for its end. */
  end(): Promise<void>;
}

/** Decisions that somebody has to look at. */
const FOR_A_PERSON = /-(refused|conflict|misnamed|failed|expired|finding|missing)$/;

/** Decisions about one image's way to the public side: only these move bytes, take time, and are held by a gate. */
const ON_THE_WAY = /^image-(mirrored|continues|blocked|refused)$/;

/** Their facts that are metrics, too. */
const MEASURED = {
  bytes: ["bytes-moved", MetricUnit.Bytes],
  skippedBytes: ["bytes-skipped", MetricUnit.Bytes],
  lagMs: ["lag", MetricUnit.Milliseconds],
} as const;

/**
 * Logger and metrics of one function. One JSON line per decision with `decision` as its discriminator; one metric of the
 * same name, unit count, in the namespace `EcrAutopilot` with the function as dimension `service`. Of images on their way, `held-by-<gate>`
 * and `MEASURED` besides; of everything that AWS throttled in spite of the SDK's retries, `throttled`.
 */
export function createPowertoolsObserver(service: string): LambdaObserver {
  const logger = new Logger({ serviceName: service });
  const metrics = new Metrics({ namespace: "EcrAutopilot", serviceName: service });
  // Nothing was decided in an empty batch: that is not worth a warning line of its own.
  metrics.setThrowOnEmptyMetrics(false);
  const count = (name: string) => metrics.addMetric(name, MetricUnit.Count, 1);
  const countThrottled = (code: unknown) => {
    if (/-throttled$/.test(String(code))) count("throttled");
  };
  return {
    begin(context) {
      logger.resetKeys();
      logger.appendKeys({ requestId: context.awsRequestId });
    },
    decided(decision: Decision) {
      const { decision: name, ...facts } = decision;
      logger[FOR_A_PERSON.test(name) ? "warn" : "info"](describe(decision), { decision: name, ...facts });
      count(name);
      countThrottled(facts.code);
      if (!ON_THE_WAY.test(name)) return;
      if (facts.gate) count(`held-by-${facts.gate}`);
      for (const [fact, [metric, unit]] of Object.entries(MEASURED)) {
        const value = facts[fact];
        if (typeof value === "number") metrics.addMetric(metric, unit, value);
      }
    },
    failed(error, facts) {
      const code = error instanceof AutopilotError ? error.code : "unexpected";
      logger.error(error instanceof Error ? error.message : String(error), {
        ...facts,
        code,
        ...(error instanceof Error ? { error } : {}),
      });
      count("attempt-failed");
      countThrottled(code);
    },
    async end() {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}

function describe({ decision, repository, reason }: Decision): string {
  const words = decision.replaceAll("-", " ");
  return `${repository === undefined ? words : `${repository}: ${words}`}${reason === undefined ? "" : `: ${reason}`}`;
}
