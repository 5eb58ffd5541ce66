import { Duration } from "aws-cdk-lib";
import { type EventPattern, Rule, type Schedule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { RecursiveLoop } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { AutopilotFunction, type AutopilotFunctionProps } from "./autopilot-function.ts";

/** What makes the function run: a pattern on the default bus, or a schedule; named as the rule is. */
export type Trigger = { readonly description: string } & (
  | { readonly pattern: EventPattern }
  | { readonly schedule: Schedule }
);

export interface QueueFunctionProps extends Omit<AutopilotFunctionProps, "recursiveLoop"> {
  readonly triggers: Readonly<Record<string, Trigger>>;
  /** Messages a function takes at once, and how long they are collected: duplicates in one batch are done once. */
  readonly batch: { readonly size: number; readonly window: Duration };
  readonly maxConcurrency: number;
  /** Whether it puts what does not fit into one invocation back into its own queue, whose URL it then finds in OWN_QUEUE_URL. */
  readonly continues?: boolean;
}

/** Deliveries of one message before it goes to the dead-letter queue. */
export const MAX_RECEIVE_COUNT = 5;

/**
 * rule -> queue (with dead-letter queue) -> function: the way every event takes. watch.ts has an alarm on each part of it.
 *
 * The queue's visibility timeout is six times the function's timeout, as Lambda's documentation asks for
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
 */
export class QueueFunction extends Construct {
  readonly roleArn: string;
  /** Where its work comes from, for another function that gives it some. */
  readonly queue: IQueue;
  readonly deadLetters: IQueue;
  readonly visibilityTimeout: Duration;

  constructor(scope: Construct, id: string, props: QueueFunctionProps) {
    super(scope, id);

    const deadLetters = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(deadLetters, { "Serverless-SQSRedrivePolicy": "It is itself where given-up messages end" });
    this.deadLetters = deadLetters;
    this.visibilityTimeout = Duration.seconds(props.timeout.toSeconds() * 6);
    const queue = new Queue(this, "Queue", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: this.visibilityTimeout,
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    this.queue = queue;

    const own = new AutopilotFunction(this, "Default", {
      ...props,
      environment: (self) => ({
        ...props.environment?.(self),
        ...(props.continues && { OWN_QUEUE_URL: queue.queueUrl }),
      }),
      // Lambda stops a function that feeds its own queue after some sixteen rounds, unless it is told that this is meant; the use case counts
      // its rounds itself: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
      recursiveLoop: props.continues ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
    });
    this.roleArn = own.roleArn;
    if (props.continues) queue.grant(own.role, "sqs:SendMessage");
    own.handler.addEventSource(
      new SqsEventSource(queue, {
        batchSize: props.batch.size,
        maxBatchingWindow: props.batch.window,
        reportBatchItemFailures: true,
        maxConcurrency: props.maxConcurrency,
      }),
    );
    acknowledge(own.handler, {
      "Serverless-LambdaEventSourceMappingDestination":
        "For streams and Kafka only; of a queue, the dead-letter queue takes what fails: https://docs.aws.amazon.com/lambda/latest/api/API_OnFailure.html",
    });

    for (const [name, trigger] of Object.entries(props.triggers)) {
      new Rule(this, name, {
        description: trigger.description,
        ...("pattern" in trigger ? { eventPattern: trigger.pattern } : { schedule: trigger.schedule }),
        targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
      });
    }
  }
}
