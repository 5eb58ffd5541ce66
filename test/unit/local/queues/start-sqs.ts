/** The queues of set-up.ts behind the AWS endpoint, on a port of its own. */

import type { PolicyStatement } from "../../../../local/aws/iam.ts";
import { createSqsService } from "../../../../local/queues/service.ts";
import type { LocalQueue } from "../../../../local/template/local-template.ts";
import { sendSigned } from "../api-gateway/signed-request.ts";
import { region, startAccount } from "../ecr/start-account.ts";
import { setUp } from "./set-up.ts";

export const url = (name: string) => `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`;

interface Options {
  readonly queue?: Partial<LocalQueue>;
  /** With it the calls are those of a role with these statements. */
  readonly statements?: readonly PolicyStatement[];
}

/** `call`: one operation over the wire, as @aws-sdk/client-sqs sends it. */
export async function startSqs({ queue = {}, statements }: Options = {}) {
  const { clock, queues, jobs, dead } = setUp(queue);
  const account = await startAccount({
    services: [createSqsService(queues)],
    ...(statements === undefined ? {} : { statements }),
    context: { clock: clock.now },
  });
  const keys = statements === undefined ? account.user : account.role;

  async function call(operation: string, input: unknown, signal?: AbortSignal) {
    const { status, headers, body } = await sendSigned(
      account.endpoint,
      { service: "sqs", region, keys },
      {
        method: "POST",
        headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${operation}` },
        body: JSON.stringify(input),
        ...(signal === undefined ? {} : { signal }),
      },
    );
    return { status, headers, body: JSON.parse(body.toString()) };
  }

  /** The body of a success. */
  async function ok(operation: string, input: unknown) {
    const { status, body } = await call(operation, input);
    if (status !== 200) throw new Error(`${operation}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** What a client sees of an error: status, type, the older code and the text. */
  async function refused(operation: string, input: unknown) {
    const { status, headers, body } = await call(operation, input);
    return [status, body.__type, headers["x-amzn-query-error"], body.message];
  }

  return { ...account, clock, queues, jobs, dead, call, ok, refused };
}
