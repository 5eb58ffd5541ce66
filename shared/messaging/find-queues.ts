import { GetQueueAttributesCommand, paginateListQueues, type SQSClient } from "@aws-sdk/client-sqs";
import { transient } from "../errors.ts";
import type { DeadLetterQueue } from "./dead-letters.ts";

/** `EcrAutopilot-CreateRepositoryQueue1A2B3C4D-x1Y2z3`: the stack's name, the construct's path with CDK's hash, and CloudFormation's random part. */
const QUEUE = /([A-Za-z0-9]+?)Queue[0-9A-F]{8}(-|$)/;

/**
 * The queues of a stack's functions, each with its dead-letter queue, found by the names that CloudFormation gives them: for whoever has credentials and not the
 * stack's own settings. Sorted by function. Errors: transient `queue-failed`.
 */
export async function findQueues(sqs: SQSClient, stack: string): Promise<DeadLetterQueue[]> {
  try {
    const urls: string[] = [];
    const pages = paginateListQueues({ client: sqs, pageSize: 1_000 }, { QueueNamePrefix: `${stack}-` });
    for await (const { QueueUrls = [] } of pages) urls.push(...QueueUrls);
    const queues = await Promise.all(urls.map((url) => describe(sqs, url)));
    const urlOf = new Map(queues.map(({ arn, url }) => [arn, url]));
    return queues
      .flatMap(({ url, redrivesTo = "" }) => {
        const found = urlOf.get(redrivesTo);
        return found === undefined ? [] : [{ function: functionOf(url, stack), url: found, sourceUrl: url }];
      })
      .sort((one, other) => (one.function < other.function ? -1 : 1));
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw transient("queue-failed", `could not find the queues of the stack ${stack}: ${reason}`, cause);
  }
}

async function describe(sqs: SQSClient, url: string) {
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn", "RedrivePolicy"] });
  const { QueueArn: arn, RedrivePolicy } = (await sqs.send(command)).Attributes ?? {};
  const redrivesTo: string | undefined =
    RedrivePolicy === undefined ? undefined : JSON.parse(RedrivePolicy).deadLetterTargetArn;
  return { url, arn, redrivesTo };
}

/** `create-repository`. */
function functionOf(url: string, stack: string): string {
  const name = url.slice(url.lastIndexOf("/") + 1).replace(`${stack}-`, "");
  const [, construct = name] = QUEUE.exec(name) ?? [];
  return construct.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
