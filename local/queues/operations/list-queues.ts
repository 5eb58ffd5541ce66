/** ListQueues. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html */
import { AwsError } from "../../aws/call.ts";
import { integer, string, structure } from "../../aws/constraints.ts";
import type { Operation } from "../../aws/operation.ts";
import { page } from "../../aws/paging.ts";
import { checkRange } from "../checks.ts";
import type { Queues } from "../queues.ts";

interface Input {
  readonly QueueNamePrefix?: string;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

/** At most 1,000 come, and a NextToken only when MaxResults was given (API reference). Sorted by name. */
export function listQueues(queues: Queues): Operation<Input> {
  return {
    name: "ListQueues",
    readOnly: true,
    input: structure({ QueueNamePrefix: string(), NextToken: string(), MaxResults: integer() }),
    resources: () => ["*"],
    async run({ QueueNamePrefix = "", NextToken, MaxResults }) {
      checkRange("MaxResults", MaxResults, [1, 1000]);
      const all = queues
        .list()
        .map(({ definition: { name, url } }) => ({ name, url }))
        .filter(({ name }) => name.startsWith(QueueNamePrefix))
        .sort((left, right) => (left.name < right.name ? -1 : 1));
      const request = { list: `ListQueues ${QueueNamePrefix}`, nextToken: NextToken, maxResults: MaxResults ?? 1000 };
      const { items, nextToken } = onePage(request, all);
      return {
        ...(items.length === 0 ? {} : { QueueUrls: items.map(({ url }) => url) }),
        ...(nextToken === undefined || MaxResults === undefined ? {} : { NextToken: nextToken }),
      };
    },
  };
}

function onePage(request: Parameters<typeof page>[0], all: readonly { name: string; url: string }[]) {
  try {
    return page(
      request,
      ({ after = "", limit }) => all.filter(({ name }) => name > after).slice(0, limit),
      ({ name }) => name,
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError("InvalidParameterValue", "Invalid or expired next token.");
  }
}
