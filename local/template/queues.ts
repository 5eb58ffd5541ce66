import type { LocalQueue } from "./local-template.ts";
import { queueUrl } from "./names.ts";
import { arnOf, type Reading, type ReadResource, resourcesOf } from "./reading.ts";
import { asArray, asInteger, asObject, asObjectOrJson, asText } from "./values.ts";

const TYPE = "AWS::SQS::Queue";

/**
 * AWS::SQS::Queue with the statements of its AWS::SQS::QueuePolicy. FIFO queues are noted as unsupported and left out.
 * Ranges and defaults: API reference, SetQueueAttributes. Errors: a value outside its range.
 */
export function readQueues(reading: Reading): LocalQueue[] {
  const policies = queuePolicies(reading);
  return resourcesOf(reading, TYPE).flatMap((resource) => {
    const { logicalId, name, properties, path } = resource;
    if (properties.FifoQueue === true || properties.FifoQueue === "true") {
      reading.unsupported({ logicalId, type: TYPE, reason: "FIFO queues have no local form" });
      return [];
    }
    const url = queueUrl(resource);
    const seconds = (property: string, fallback: number, range: readonly [number, number]): number =>
      asInteger(properties[property], `${path}.${property}`, { fallback, range });
    return [
      {
        logicalId,
        name,
        url,
        arn: arnOf(reading, resource),
        visibilityTimeoutSeconds: seconds("VisibilityTimeout", 30, [0, 43_200]),
        retentionSeconds: seconds("MessageRetentionPeriod", 345_600, [60, 1_209_600]),
        delaySeconds: seconds("DelaySeconds", 0, [0, 900]),
        receiveWaitSeconds: seconds("ReceiveMessageWaitTimeSeconds", 0, [0, 20]),
        maximumMessageBytes: seconds("MaximumMessageSize", 1_048_576, [1024, 1_048_576]),
        ...redriveOf(resource),
        policy: policies.get(url) ?? [],
      },
    ];
  });
}

function redriveOf({ properties, path }: ReadResource): Pick<LocalQueue, "redrive"> {
  if (properties.RedrivePolicy === undefined) return {};
  const at = `${path}.RedrivePolicy`;
  const { deadLetterTargetArn, maxReceiveCount } = asObjectOrJson(properties.RedrivePolicy, at);
  return {
    redrive: {
      deadLetterArn: asText(deadLetterTargetArn, `${at}.deadLetterTargetArn`),
      maxReceiveCount: asInteger(maxReceiveCount, `${at}.maxReceiveCount`, { range: [1, 1000] }),
    },
  };
}

/** Statements by queue URL. */
function queuePolicies(reading: Reading): Map<string, unknown[]> {
  const byUrl = new Map<string, unknown[]>();
  for (const { properties, path } of resourcesOf(reading, "AWS::SQS::QueuePolicy")) {
    const { Statement } = asObject(properties.PolicyDocument, `${path}.PolicyDocument`);
    for (const queue of asArray(properties.Queues, `${path}.Queues`)) {
      const url = asText(queue, `${path}.Queues`);
      byUrl.set(url, [...(byUrl.get(url) ?? []), ...(Array.isArray(Statement) ? Statement : [Statement])]);
    }
  }
  return byUrl;
}
