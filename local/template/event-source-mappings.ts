import type { LocalEventSourceMapping, LocalFunction, LocalQueue } from "./local-template.ts";
import { queueByArn, type Reading, type ReadResource, resourcesOf } from "./reading.ts";
import { asArray, asInteger, asObject, asText } from "./values.ts";

const TYPE = "AWS::Lambda::EventSourceMapping";

/**
 * AWS::Lambda::EventSourceMapping from a queue of the stack to a function of the stack; others are noted as unsupported and left out.
 * Ranges and defaults: API reference, CreateEventSourceMapping.
 * Errors: what Lambda refuses when the mapping is created: a value outside its range, a batch of more than 10 without a window, a
 * queue whose visibility timeout is shorter than the function's timeout.
 */
export function readEventSourceMappings(
  reading: Reading,
  { functions, queues }: { functions: readonly LocalFunction[]; queues: readonly LocalQueue[] },
): LocalEventSourceMapping[] {
  return resourcesOf(reading, TYPE).flatMap((resource) => {
    const { logicalId, properties, path } = resource;
    const source = properties.EventSourceArn;
    const queue = source === undefined ? undefined : queueByArn(queues, asText(source, `${path}.EventSourceArn`));
    const called = functionByName(functions, asText(properties.FunctionName, `${path}.FunctionName`));
    if (queue === undefined || called === undefined) {
      const missing =
        queue === undefined ? `its source ${JSON.stringify(source)}` : `function '${properties.FunctionName}'`;
      reading.unsupported({ logicalId, type: TYPE, reason: `${missing} has no local form` });
      return [];
    }
    if (queue.visibilityTimeoutSeconds < called.timeoutSeconds) {
      throw new Error(
        `${path}: Queue visibility timeout: ${queue.visibilityTimeoutSeconds} seconds is less than Function timeout: ${called.timeoutSeconds} seconds`,
      );
    }
    resource.without("FilterCriteria", "every message is passed on");
    const responseTypes = asArray(properties.FunctionResponseTypes, `${path}.FunctionResponseTypes`);
    return [
      {
        logicalId,
        functionArn: called.arn,
        queueArn: queue.arn,
        enabled: properties.Enabled !== false && properties.Enabled !== "false",
        ...batchOf(resource),
        reportBatchItemFailures: responseTypes.includes("ReportBatchItemFailures"),
        ...concurrencyOf(resource),
      },
    ];
  });
}

function batchOf({ properties, path }: ReadResource): { batchSize: number; maximumBatchingWindowSeconds: number } {
  const batchSize = asInteger(properties.BatchSize, `${path}.BatchSize`, { fallback: 10, range: [1, 10_000] });
  const maximumBatchingWindowSeconds = asInteger(
    properties.MaximumBatchingWindowInSeconds,
    `${path}.MaximumBatchingWindowInSeconds`,
    { fallback: 0, range: [0, 300] },
  );
  if (batchSize > 10 && maximumBatchingWindowSeconds === 0) {
    throw new Error(`${path}.BatchSize ${batchSize} needs MaximumBatchingWindowInSeconds of at least 1`);
  }
  return { batchSize, maximumBatchingWindowSeconds };
}

function concurrencyOf({ properties, path }: ReadResource): Pick<LocalEventSourceMapping, "maximumConcurrency"> {
  const { MaximumConcurrency } = asObject(properties.ScalingConfig ?? {}, `${path}.ScalingConfig`);
  if (MaximumConcurrency === undefined) return {};
  const at = `${path}.ScalingConfig.MaximumConcurrency`;
  return { maximumConcurrency: asInteger(MaximumConcurrency, at, { range: [2, 1000] }) };
}

/** `FunctionName` may be a name, an ARN, or either with a version or alias. */
function functionByName(functions: readonly LocalFunction[], told: string): LocalFunction | undefined {
  return functions.find(({ name, arn }) => [name, arn].some((known) => told === known || told.startsWith(`${known}:`)));
}
