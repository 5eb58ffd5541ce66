import { Duration, Stack } from "aws-cdk-lib";
import type { Code } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { AutopilotFunction, type Grant } from "./autopilot-function.ts";
import { type ApiCallers, PrivateApi } from "./private-api.ts";
import { QueueFunction } from "./queue-function.ts";

export interface RepositoryApiProps {
  /** With openapi.json beside it. */
  readonly code: Code;
  readonly callers: ApiCallers;
  /** What it may do in the registry. */
  readonly grants: readonly Grant[];
}

/** API Gateway's limit; the function has the same, and ends its work a second before. */
const TIMEOUT = Duration.seconds(29);

/** Functions that answer it, by their constructs. */
const HELPERS = ["CheckAccount", "MirrorStatus", "ReconcileMirrors", "ReconcileRepositories", "SyncCatalog"];

/**
 * The internal REST endpoint: a function of its own behind a private API. It works on standards itself; for what needs other code and
 * permissions it asks the functions that the stack has so far. Its dead letters are those of all of them.
 */
export class RepositoryApi extends Construct {
  constructor(scope: Construct, id: string, { code, callers, grants }: RepositoryApiProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const fed = stack.node.children.filter((child) => child instanceof QueueFunction);
    const called = HELPERS.map((name) => functionOf(stack.node.findChild(name)));
    const queues = Object.fromEntries(
      fed.map(({ node, queue, deadLetters }) => [
        folderOf(node.id),
        { url: queue.queueUrl, deadLettersUrl: deadLetters.queueUrl },
      ]),
    );
    const helpers = HELPERS.map((name, index) => [folderOf(name), called[index]?.handler.functionName]);

    const own = new AutopilotFunction(this, "Default", {
      description: "Answers the internal REST endpoint: repositories, mirrors, plans, sweeps, dead letters",
      code,
      timeout: TIMEOUT,
      memoryMb: 512,
      environment: () => ({
        QUEUES: stack.toJsonString(queues),
        HELPERS: stack.toJsonString(Object.fromEntries(helpers)),
      }),
      grants: [
        ...grants,
        { actions: ["lambda:InvokeFunction"], resources: called.map(({ handler }) => handler.functionArn) },
        {
          // A replay sends to any queue; a move task takes both ends:
          // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
          actions: ["sqs:GetQueueAttributes", "sqs:SendMessage"],
          resources: fed.map(({ queue }) => queue.queueArn),
        },
        {
          actions: [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
            "sqs:StartMessageMoveTask",
          ],
          resources: fed.map(({ deadLetters }) => deadLetters.queueArn),
        },
      ],
    });
    new PrivateApi(this, "Api", {
      description: "The internal REST endpoint of ecr-autopilot",
      handler: own.handler,
      timeout: TIMEOUT,
      callers,
    });
  }
}

function functionOf(construct: unknown): AutopilotFunction {
  if (construct instanceof AutopilotFunction) return construct;
  const own = construct instanceof QueueFunction ? construct.node.findChild("Default") : undefined;
  if (own instanceof AutopilotFunction) return own;
  throw new Error("a function that the API asks is no function of the stack");
}

/** `ReconcileMirrors` is made of functions/reconcile-mirrors. */
function folderOf(name: string): string {
  return name.replaceAll(/(?<!^)([A-Z])/g, "-$1").toLowerCase();
}
