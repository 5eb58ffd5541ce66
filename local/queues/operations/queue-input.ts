/** What the operations on one queue have in common: its URL, its ARN, and the parameters that must be there. */
import { type AccountContext, AwsError } from "../../aws/call.ts";
import { type Shape, string } from "../../aws/constraints.ts";
import type { Queue } from "../queue.ts";
import type { Queues } from "../queues.ts";

export interface QueueInput {
  readonly QueueUrl?: string;
}

/** Not required by the shape: SQS says in its own words what is missing. */
export const queueUrl: Shape = string();

/** The ARN that the URL stands for, whether there is such a queue or not; none for what is no URL of a queue. */
export function queueResource({ QueueUrl }: QueueInput, { region }: AccountContext): string[] {
  const [accountId, name] = partsOf(QueueUrl ?? "") ?? [];
  return accountId === undefined || name === undefined ? [] : [`arn:aws:sqs:${region}:${accountId}:${name}`];
}

/** Errors: MissingParameter, InvalidAddress for what is no URL of a queue, QueueDoesNotExist. */
export function queueOf(queues: Queues, { QueueUrl }: QueueInput): Queue {
  const url = required("QueueUrl", QueueUrl);
  if (partsOf(url) === undefined) {
    throw new AwsError("InvalidAddress", `The address ${url} is not valid for this endpoint.`);
  }
  return queues.get(url);
}

/** Error: MissingParameter (recorded text). */
export function required<T>(name: string, value: T | undefined): T {
  if (value === undefined || value === "") {
    throw new AwsError("MissingParameter", `The request must contain the parameter ${name}.`);
  }
  return value;
}

/** `https://HOST/ACCOUNT/NAME`: how the account was reached does not matter. */
function partsOf(url: string): [accountId: string, name: string] | undefined {
  const { pathname } = URL.canParse(url) ? new URL(url) : { pathname: "" };
  const [, accountId, name] = /^\/(\d{12})\/([\w.-]{1,80})$/.exec(pathname) ?? [];
  return accountId === undefined || name === undefined ? undefined : [accountId, name];
}
